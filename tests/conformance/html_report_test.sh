#!/usr/bin/env bash
# html_report_test.sh PROGRAM: opens the page that PROGRAM writes in a real browser. Without node or a browser: exit 77.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

skip() {
  echo "skipped: $1 is not installed"
  exit 77
}

command -v node >/dev/null || skip node
browser=''
for name in chromium chromium-browser google-chrome chrome; do
  if browser=$(command -v "$name"); then break; fi
done
[[ -n $browser ]] || skip "a browser (chromium)"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$1" >"$scratch/page.html"
node "$here/html_report_test.mjs" "$browser" "$scratch"
