#!/usr/bin/env bash
# A client for the cases of `exec`: exec_ask.sh METHOD PATH [HEADER]... asks the mock of $COUNTERPART_URL and writes the
# status to stdout; several requests are separated by "+".
set -euo pipefail

address=${COUNTERPART_URL#http://}
prefix=
[[ $address != */* ]] || prefix=/${address#*/}
address=${address%%/*}

ask() { # ask METHOD PATH [HEADER]...
  local method=$1 path=$2 line
  shift 2
  exec 3<>"/dev/tcp/${address%:*}/${address##*:}"
  printf '%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n' "$method" "$prefix$path" >&3
  for line in "$@"; do printf '%s\r\n' "$line" >&3; done
  printf '\r\n' >&3
  read -r _ line _ <&3
  cat <&3 >/dev/null
  exec 3>&-
  echo "$line"
}

words=()
for word in "$@" +; do
  if [[ $word == + ]]; then
    ask "${words[@]}"
    words=()
  else
    words+=("$word")
  fi
done
