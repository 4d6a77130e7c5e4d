// One function's process: takes events from its host, one at a time, and answers.
import { randomUUID } from "node:crypto";
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

let last = Promise.resolve();

async function answer({ id, event }) {
  try {
    const result = await handler(event, { awsRequestId: randomUUID() });
    process.send({ id, result: result ?? null });
  } catch (error) {
    process.send({ id, error: kindOf(error) });
  }
}

process.on("message", (message) => {
  last = last.then(() => answer(message));
});
// The host went away: finish what is running, then go too.
process.on("disconnect", () => void last.then(() => process.exit(0)));
// Ctrl-C is for the region, which stops its functions in their turn.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => void last.then(() => process.exit(0)));
