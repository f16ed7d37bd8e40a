// Reads [{schema, messages}] from stdin; writes for every message whether it fits its schema, as JSON.
import { text } from "node:stream/consumers";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const ajv = addFormats(new Ajv2020({ strict: true, strictTypes: false, allErrors: true }));
const verdicts = JSON.parse(await text(process.stdin)).map(({ schema, messages }) => {
  const fits = ajv.compile(schema);
  return messages.map((message) => (fits(message) ? "" : ajv.errorsText(fits.errors)));
});
console.log(JSON.stringify(verdicts));
