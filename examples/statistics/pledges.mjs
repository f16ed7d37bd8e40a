// Counts what is promised at every summit, in a file of JSON that is right whenever it is read.
//
//   set -a; . statistics.env; set +a
//   node pledges.mjs pledges.json
//
// It may be killed at any moment and hear facts twice: the file holds the last version of each pledge beside its state, both
// are written in one piece, and a message is acknowledged after that.
import { existsSync, readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { jetstream } from "@nats-io/jetstream";
import { connect, nkeyAuthenticator } from "@nats-io/transport-node";
import { CloudEvent } from "cloudevents";

const { NATS_URL, NATS_SEED, NATS_INBOX, NATS_STREAM, NATS_DURABLE, NATS_CA_FILE } = process.env;
const file = process.argv[2] ?? "pledges.json";
const WAIT_FOR_PREDECESSOR = 500; // milliseconds

const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { versions: {}, pledges: {} };

/** The event is counted, once and in its pledge's order; or it has to wait for an earlier one. */
function apply(event) {
  const last = kept.versions[event.aggregateid] ?? 0;
  if (event.aggregateversion > last + 1) return "too early";
  if (event.aggregateversion <= last) return "known";
  kept.versions[event.aggregateid] = event.aggregateversion;
  const { edition_id, pledge_id, pledger, state, promise } = event.data;
  if (promise) kept.pledges[event.aggregateid] = { edition_id, pledge_id, pledger, state, capability: promise.capability };
  return "applied";
}

/** The file holds what is known now, whatever happens to the machine meanwhile. */
async function keep() {
  const counts = {};
  for (const { edition_id, state } of Object.values(kept.pledges)) {
    counts[edition_id] ??= {};
    counts[edition_id][state] = (counts[edition_id][state] ?? 0) + 1;
  }
  const next = await open(`${file}.next`, "w");
  await next.writeFile(JSON.stringify({ counts, ...kept }));
  await next.sync();
  await next.close();
  await rename(`${file}.next`, file);
}

const server = await connect({
  servers: NATS_URL,
  authenticator: nkeyAuthenticator(new TextEncoder().encode(NATS_SEED)),
  inboxPrefix: NATS_INBOX,
  tls: NATS_CA_FILE ? { caFile: NATS_CA_FILE } : undefined,
  maxReconnectAttempts: -1,
});
const history = await jetstream(server).consumers.get(NATS_STREAM, NATS_DURABLE);

while (!server.isClosed()) {
  const verdicts = [];
  for await (const message of await history.fetch({ max_messages: 100, expires: 1_000 })) {
    try {
      verdicts.push([message, apply(new CloudEvent(message.json()))]);
    } catch (refusal) {
      console.error(`set aside for a person: message ${message.seq}: ${refusal.message}`); // no CloudEvent 1.0
      verdicts.push([message, "set aside"]);
    }
  }
  if (verdicts.some(([, verdict]) => verdict === "applied")) await keep();
  for (const [message, verdict] of verdicts) {
    if (verdict === "too early") message.nak(WAIT_FOR_PREDECESSOR);
    else message.ack();
  }
}
