#!/usr/bin/env bash
# Runs a command while a port is taken: with_taken_port.sh COMMAND...
# @PORT@ in the command stands for that port, and in what the command writes the port is shown as @PORT@.
set -euo pipefail

ready=$(mktemp)
"$COUNTERPART" mock scenarios/keyauth-seller --port 0 --quiet --format json >"$ready" &
readonly holder=$!
trap 'kill "$holder"; wait "$holder" || true; rm -f "$ready"' EXIT
until grep -q listening "$ready"; do
  kill -0 "$holder" # else it has ended, and waiting for it is in vain
  sleep 0.02
done
port=$(sed -E 's/.*:([0-9]+)".*/\1/' "$ready")
readonly port

code=0
{ "${@//@PORT@/$port}" 2>&1 >&3 | sed "s/$port/@PORT@/g" >&2; exit "${PIPESTATUS[0]}"; } 3>&1 || code=$?
exit "$code"
