// Reads an AsyncAPI document from stdin; writes everything the official parser says about it, as JSON.
import { text } from "node:stream/consumers";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(await text(process.stdin));
const said = diagnostics.map(({ code, path, message }) => `${code} at ${path.join(".")}: ${message}`);
const channels = document?.channels().all() ?? [];
console.log(JSON.stringify({ said, addresses: channels.map((channel) => channel.address()) }));
