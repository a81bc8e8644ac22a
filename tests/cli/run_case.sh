#!/usr/bin/env bash
# Runs one black-box case of the command line: run_case.sh PROGRAM VERSION CASE_FOLDER
#
# A case is a folder with
#   cmd    one command line. bash runs it in the repository's root, so that paths in messages are the same everywhere;
#          $COUNTERPART is the program, $SCRATCH an empty folder that is removed afterwards
#   out    what it writes to stdout, byte for byte; absent: nothing
#   err    the same of stderr
#   exit   its exit code; absent: 0. (124: it did not end in time, because it serves, for one)
# and the contracts and scenarios it is about. In out and err, @VERSION@ stands for the program's version and @SCRATCH@
# for the path of the scratch folder.
#
# With RECORD=1 it writes out, err and exit instead of comparing them. Read what it wrote before you commit it.
set -euo pipefail

(($# == 3)) || { echo "usage: run_case.sh PROGRAM VERSION CASE_FOLDER" >&2; exit 2; }
COUNTERPART=$(realpath "$1")
readonly version=$2 seconds_max=100
folder=$(realpath "$3")
readonly folder
actual=$(mktemp -d)
SCRATCH=$(mktemp -d)
readonly actual SCRATCH COUNTERPART
export SCRATCH COUNTERPART
trap 'rm -rf "$actual" "$SCRATCH"' EXIT

[[ -s $folder/cmd ]] || { echo "$folder has no cmd" >&2; exit 2; }
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
code=0
timeout --kill-after=5 "$seconds_max" bash "$folder/cmd" >"$actual/out" 2>"$actual/err" </dev/null || code=$?
echo "$code" >"$actual/exit"

if [[ ${RECORD:-} ]]; then
  for part in out err; do
    sed -e "s|$SCRATCH|@SCRATCH@|g" -e "s|counterpart ${version//./\\.}\$|counterpart @VERSION@|" "$actual/$part" >"$folder/$part"
    [[ -s $folder/$part ]] || rm "$folder/$part"
  done
  cp "$actual/exit" "$folder/exit"
  [[ $code != 0 ]] || rm "$folder/exit"
  exit 0
fi

# Shows what differs between a part of the case and what came.
same=true
compare() { # compare NAME EXPECTED_FILE
  diff -u --label "expected $1" --label "actual $1" "$2" "$actual/$1" || same=false
}
for part in out err; do
  if [[ -e $folder/$part ]]; then
    sed -e "s|@SCRATCH@|$SCRATCH|g" -e "s|@VERSION@|$version|g" "$folder/$part" >"$actual/expected"
  else
    : >"$actual/expected"
  fi
  compare "$part" "$actual/expected"
done
if [[ -e $folder/exit ]]; then cp "$folder/exit" "$actual/expected"; else echo 0 >"$actual/expected"; fi
compare exit "$actual/expected"
$same || { echo "in $folder: $(<"$folder/cmd")"; exit 1; }
