// One function's process: takes events from its host, one at a time, and answers.
import { randomUUID } from "node:crypto";
import { pathToFileURL } from "node:url";

const [, , file, name] = process.argv;
const module = await import(pathToFileURL(file).href);
const handler = module[name];

let last = Promise.resolve();

async function answer({ id, event }) {
  try {
    const result = await handler(event, { awsRequestId: randomUUID() });
    process.send({ id, result: result ?? null });
  } catch (error) {
    process.send({ id, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
}

process.on("message", (message) => {
  last = last.then(() => answer(message));
});
// The host went away: finish what is running, then go too.
process.on("disconnect", () => void last.then(() => process.exit(0)));
process.on("SIGTERM", () => void last.then(() => process.exit(0)));
