// report_formats_test.cjs FOLDER: every FOLDER/*.har and *.sarif fits the format's published JSON Schema.
const assert = require('node:assert/strict');
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const Ajv = require('ajv');
const har = require('har-schema');
const sarif = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');

const ajv = new Ajv({ schemaId: 'auto', allErrors: true, unknownFormats: 'ignore' });
for (const draft of ['04', '06']) ajv.addMetaSchema(require(`ajv/lib/refs/json-schema-draft-${draft}.json`));
for (const schema of Object.values(har)) ajv.addSchema(schema);
const validators = { har: ajv.getSchema(har.har.$id), sarif: ajv.compile(sarif) };

// Each mistake has to be found, so that a validator which lets everything pass does not.
const mistakes = {
  har: (report) => { delete report.log.entries[0].request.method; },
  sarif: (report) => { report.runs[0].results[0].level = 'fatal'; },
};

const folder = process.argv[2];
let count = 0;
for (const [format, validate] of Object.entries(validators)) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(`.${format}`))) {
    const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    assert.ok(validate(report), `${file}: ${ajv.errorsText(validate.errors, { separator: '\n' })}`);
    count += 1;
  }
  const wrong = JSON.parse(readFileSync(join(folder, `small.${format}`), 'utf8'));
  mistakes[format](wrong);
  assert.ok(!validate(wrong), `a wrong ${format} is taken for right`);
}
assert.equal(count, 8);
console.log(`${count} reports fit`);
