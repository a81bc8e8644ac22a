#!/usr/bin/env bash
# run.sh PROGRAM MODULES_FOLDER: serves a contract, and has the document of its admin API validated. The validator is
# installed below MODULES_FOLDER once.
set -euo pipefail

readonly validator=@seriousme/openapi-schema-validator version=2.11.0
readonly program=$1 modules=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

skip() {
  echo "skipped: $*"
  exit 77
}
for tool in node npm; do
  command -v "$tool" >/dev/null || skip "$tool is not installed"
done
if [[ ! -f $modules/node_modules/.package-lock.json ]]; then # npm writes it last
  mkdir -p "$modules"
  npm install --prefix "$modules" --ignore-scripts --no-audit --no-fund --fetch-retries 0 --fetch-timeout 20000 \
    "$validator@$version" >"$modules/install.log" 2>&1 || skip "npm could not install $validator: see $modules/install.log"
fi
exec "$program" exec "$here/../../scenarios/keyauth-seller" -- \
  node "$here/validate.mjs" "$modules/node_modules/$validator/index.js"
