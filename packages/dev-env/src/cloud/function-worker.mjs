// One function's process: takes events from its host and answers. Events of queues and timers one at a time, as in one
// instance of Lambda; for requests it stands for the many instances that Lambda would start.
import "./awslambda.mjs";
import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { pathToFileURL } from "node:url";

const [, , file, name] = process.argv;
const module = await import(pathToFileURL(file).href);
const handler = module[name];

/** What may be logged of an error: its kind, its code, where it was thrown. Its message may quote a patient. */
function kindOf(error) {
  if (!(error instanceof Error)) return "a value that is no error";
  const code = "code" in error && typeof error.code === "string" ? ` ${error.code}` : "";
  const [, place = ""] = /\n\s+at (?:.*\/)?([^/\n]+?)\)?(?:\n|$)/.exec(error.stack ?? "") ?? [];
  return `${error.name}${code}${place ? ` at ${place}` : ""}`;
}

const eventOf = ({ json, body }) => (body === undefined ? JSON.parse(json) : { ...JSON.parse(json), body });

let last = Promise.resolve();

const running = new Set();

/** Tracked, so that a process that is told to go finishes it. */
function atOnce(work) {
  const tracked = work.finally(() => running.delete(tracked));
  running.add(tracked);
}

/** What the handler writes goes to the socket that its host listens on. */
async function stream({ id, socketPath, ...packed }) {
  const out = connect(socketPath);
  // The reader went away: the handler's own pipeline sees it.
  out.on("error", () => {});
  try {
    await handler(eventOf(packed), out, { awsRequestId: randomUUID() });
    process.send({ id, json: "null" });
  } catch (error) {
    out.destroy();
    process.send({ id, error: kindOf(error) });
  }
}

async function answer({ id, ...packed }) {
  try {
    const result = await handler(eventOf(packed), { awsRequestId: randomUUID() });
    process.send({ id, json: JSON.stringify(result ?? null) });
  } catch (error) {
    process.send({ id, error: kindOf(error) });
  }
}

process.on("message", (message) => {
  if (message.socketPath) atOnce(stream(message));
  else if (message.isRequest) atOnce(answer(message));
  else last = last.then(() => answer(message));
});
const finished = () => Promise.all([last, ...running]);
// The host went away: finish what is running, then go too.
process.on("disconnect", () => void finished().then(() => process.exit(0)));
// Ctrl-C is for the region, which stops its functions in their turn.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => void finished().then(() => process.exit(0)));
