import type { z } from "zod";
import { type Inputs, kindOf, mean, storeRequestsOf } from "./bill.ts";
import type { ColdStarts, Limits } from "./types.ts";
import { tenth, whole } from "./words.ts";

type LimitList = z.output<typeof Limits>;

const YEAR_SECONDS = 365 * 24 * 3600;
/** Nine hours of five days hold nearly all of a week's examinations. */
const WORKING_SHARE = (5 * 9) / (7 * 24);
/** infra/ingest.ts, infra/database.ts. */
const BATCH = 10;
const CONNECTIONS_OF_A_FUNCTION = 2;
const MOST_ACU = 16;

function limitOf(limits: LimitList, name: string): number {
  const limit = limits[name];
  if (!limit) throw new Error(`no limit ${name}`);
  return limit.value;
}

/** Measured, and what S3 is assumed to let it wait. */
function acceptOf(inputs: Inputs) {
  const objects = mean(inputs, (kind) => kind.objects);
  const measuredMs = mean(inputs, ({ functions }) => functions.ArrivalsSubscriber?.ms ?? 0) / objects;
  const waitMs = (mean(inputs, storeRequestsOf) / objects) * inputs.plan.storeWait.ms;
  return { measuredMs, acceptMs: measuredMs + waitMs };
}

/** What the measured figures say of a second, in mean, in working hours, and at the goal's burst. */
export function loadsOf(inputs: Inputs) {
  const objects = mean(inputs, (kind) => kind.objects);
  const meanRate = (inputs.plan.examinations * objects) / YEAR_SECONDS;
  const perObject = {
    ...acceptOf(inputs),
    puts: mean(inputs, ({ requests }) => requests.put) / objects,
    gets: mean(inputs, ({ requests }) => requests.get) / objects,
    databaseBytes: mean(inputs, ({ databaseBytes }) => databaseBytes) / objects,
  };
  return { objects, meanRate, workingRate: meanRate / WORKING_SHARE, perObject };
}

/** The row of a process that is started for an event. */
function coldRow({ at, results }: ColdStarts): string {
  const seconds = (id: string) => {
    const found = results.find((one) => one.function === id);
    if (!found) throw new Error(`bench cold-start says nothing of ${id}`);
    return `${tenth(found.coldOnLambdaSeconds)} s (${whole(found.memoryMb)} MB)`;
  };
  return `| Lambda: a process that isn't there yet | a part of a processor by its memory, all of one at 1,769 MB | the first event after some minutes of quiet, and each execution more that a burst needs | Reading the code, connecting and making the first plans takes, reckoned by bench \`cold-start\` (${at.slice(0, 10)}): a QIDO-RS answer ${seconds("DicomwebAnswer")}, taking in ${seconds("ArrivalsSubscriber")}, a timer's work up to ${seconds("DrawPicturesHandler")}. Before the transaction begins, so none runs over its time. The portal's own function was not measured ([ADR 0038](adr/0038-what-a-process-reads-at-its-start.md)) | none: readers' times |`;
}

/** docs/scale.md, whole. */
export function scaleDocument(inputs: Inputs, limits: LimitList, coldStarts: ColdStarts): string {
  const { plan, measured } = inputs;
  const { objects, meanRate, workingRate, perObject } = loadsOf(inputs);
  const limit = (name: string) => limitOf(limits, name);
  const concurrency = limit("lambdaConcurrency");
  const takenIn = concurrency / (perObject.acceptMs / 1000);
  const times = (rate: number) =>
    `${whole(rate)} objects/s, ${whole(rate / workingRate)} times a working hour`;
  const ct = kindOf(measured, "CT");
  const busy = (rate: number) => tenth((rate * perObject.acceptMs) / 1000);
  const yearGb = (of: Parameters<typeof mean>[1]) => (plan.examinations * mean(inputs, of)) / 2 ** 30;
  const databaseGb = yearGb(({ keptBytes }) => keptBytes);
  const outcomesGb = yearGb(({ foldedBytes, keptBytes }) => foldedBytes - keptBytes) / 4;
  const reads =
    (plan.examinations * plan.openings.count * mean(inputs, ({ opening }) => opening.frames)) /
    YEAR_SECONDS /
    WORKING_SHARE;
  const sources = Object.entries(limits)
    .map(
      ([name, one]) =>
        `- \`${name}\`: ${whole(one.value)} ${one.unit}. ${one.found} ${one.sources.map(({ address, date }) => `<${address}> (${date})`).join("; ")}`,
    )
    .join("\n");
  return `<!-- Written by bench/cost/write.ts from measured.json, plan.json and limits.json: change those, then write it again. -->

# Where Weald meets its limits

Computed from what \`docs/cost.md\` measured (${measured.at.slice(0, 10)}), not tried on AWS. A second of a function is a second of a whole core of that machine; AWS gives 1,536 MB 0.87 of one, so
that real concurrency is somewhat higher. The alarms are those of [runbooks](runbooks.md).

**The load.** ${whole(plan.examinations)} examinations a year with ${tenth(objects)} objects each are ${tenth(meanRate)} objects/s in mean; if nearly all come in 45 hours of a week, **${tenth(workingRate)} objects/s in a working
hour**. The goals of issue 8 are 30/s for an hour and bursts of 150/s. One object takes ${tenth(perObject.measuredMs)} ms of the function that takes in as measured, ${tenth(perObject.acceptMs)} with the ${plan.storeWait.ms} ms that
each of its S3 requests is assumed to wait, one after the other; ${tenth(perObject.puts)} S3 writes, ${tenth(perObject.gets)} S3 reads and
${whole(perObject.databaseBytes)} bytes of the database.

| Limit | Its value | Load at which it is met | What happens then | What tells |
| --- | --- | --- | --- | --- |
| Lambda: executions at once | ${whole(concurrency)} an account and region | ${times(takenIn)}. Taking in keeps ${busy(workingRate)} busy in a working hour, ${busy(30)} at 30/s, ${busy(150)} at 150/s | Taking in waits in its queue, nothing is lost. The portal and the DICOMweb door share the limit and answer 429, so a backlog can slow readers: reserve concurrency for them | \`ThrottledAlarm\`, then \`ArrivalsAgeAlarm\` |
${coldRow(coldStarts)}
| Lambda: body in and out | ${limit("lambdaPayloadMb")} MB | one STOW-RS body or answer over it | 413, which names the gateway; images never pass a function on their way to the portal's viewer | none: it is one sender's answer |
| Function URLs (DICOMweb door) | ${limit("functionRequestsPerExecution")} requests/s for each execution that may run at once | ${whole(concurrency * limit("functionRequestsPerExecution"))} requests/s of other systems, and before it the executions themselves: they share them with all else | 429; a sender tries again | \`ThrottledAlarm\` |
| S3: writes of a prefix | at least ${whole(limit("s3PutsPerPrefix"))}/s | ${times(limit("s3PutsPerPrefix") / perObject.puts)}, if all keys lay under one prefix. They don't: originals begin with a random id of the study; only the inbox has few (\`inbox/\`, \`urgent/\`, \`bulk/\`), with one write and one deletion an object | S3 divides the prefix by itself within 30 to 60 minutes and answers 503 meanwhile; senders and the queue try again | \`ArrivalsAgeAlarm\`; \`STORE_UNAVAILABLE\` in the log |
| S3: reads of a prefix | at least ${whole(limit("s3GetsPerPrefix"))}/s | ${tenth(reads)} frames/s in a working hour over all studies; one study is read by one prefix, at most some hundred frames/s a reader | 503, the viewer asks again | none: readers' times |
| SQS: messages in flight | about ${whole(limit("sqsInFlight"))} a queue | never before Lambda's limit: ${whole(concurrency)} executions hold ${whole(concurrency * BATCH)} messages | The rest stays visible and waits; no limit to how many | \`ArrivalsAgeAlarm\`, \`FactsAgeAlarm\` |
| Database connections | ${CONNECTIONS_OF_A_FUNCTION} a function, through RDS Proxy | ${whole(concurrency)} executions ask the proxy for up to ${whole(concurrency * CONNECTIONS_OF_A_FUNCTION)}; at 150 objects/s some ${whole(Math.ceil((150 * perObject.acceptMs) / 1000) * CONNECTIONS_OF_A_FUNCTION)} | The proxy lets them wait; what waits too long ends with \`DATABASE_SLOW\`, its messages come again. What Aurora itself takes depends on its size and was not verified here; a connection that has asked much keeps some 39 MB ([ADR 0035](adr/0035-plans-are-kept.md)) | \`ArrivalsAgeAlarm\`; \`DATABASE_SLOW\` in the log |
| Aurora: size | ${MOST_ACU} ACU at most (\`infra/database.ts\`) | Not known: what an ACU carries can't be measured here. Bench \`query\` and \`lists\` hold their times at 100,000 studies | Statements slow down; a transaction over 2 s is rolled back (\`DATABASE_SLOW\`) and its messages come again | \`ArrivalsAgeAlarm\`, \`KeepAuditAlarm\` |
| Aurora: growth | ${tenth(databaseGb)} GB a year, and ${tenth(outcomesGb)} GB that stay so large: how objects came out, let go of after three months ([ADR 0034](adr/0034-outcomes-are-let-go-of.md)). A CT of ${whole(ct.objects)}: ${whole(ct.databaseBytes / 1000)} KB as it comes, ${whole(ct.foldedBytes / 1000)} KB folded after a day, ${whole(ct.keptBytes / 1000)} KB after three months | 10 years: ${whole(databaseGb * 10 + outcomesGb)} GB | Cost, and slower vacuum. What isn't folded keeps its rows: docs/packs.md says which and why | \`DatabaseGrowthAlarm\` |
| One transaction | 2 s | One batch of ${BATCH} messages takes ${whole(perObject.measuredMs * BATCH)} ms here, much of it outside of the transaction | Rolled back, tried again up to five times, then a dead letter | \`ArrivalsDeadLettersAlarm\` |

## Sources of the limits

Stored copies of AWS's pages, looked at on the day that stands beside each; a quota may have changed since.

${sources}
`;
}
