// validate.mjs VALIDATOR: asks the mock at $COUNTERPART_URL for the admin API's document, and has it validated. What is
// wrong with it goes to stdout; then the exit code is 1. A document that was spoilt must be found to be wrong.
import { pathToFileURL } from 'node:url';

const { Validator } = await import(pathToFileURL(process.argv[2]));
const validate = (document) => new Validator().validate(document);

for (const space of ['', '/~some-space']) {
  const answer = await fetch(`${process.env.COUNTERPART_URL}${space}/__counterpart/openapi.json`);
  const document = await answer.json();
  const { valid, errors } = await validate(document);
  if (!valid) {
    console.log(JSON.stringify(errors, null, 2));
    process.exitCode = 1;
  }
  for (const spoil of [
    (copy) => delete copy.info.title,
    (copy) => (copy.paths['/__counterpart/health'].get.responses = []),
    (copy) => delete copy.paths['/__counterpart/state/{collection}'].get.parameters[0].schema,
    (copy) => (copy.components.securitySchemes.token.type = 'secret'),
  ]) {
    const copy = structuredClone(document);
    spoil(copy);
    if (!(await validate(copy)).valid) continue;
    console.log(`the validator does not see that this is wrong: ${spoil}`);
    process.exitCode = 1;
  }
}
