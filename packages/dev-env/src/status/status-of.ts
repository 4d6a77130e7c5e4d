import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import path from "node:path";

const TAIL_BYTES = 200_000;
const MOST_OF_A_PART = 3;

export type LoggedError = { part: string; line: string };

const isError = (line: string) => /"level":"(error|warn)"|\b(ERROR|FATAL|PANIC)\b|⨯/.test(line);

/** The end of a log, without reading all of it. */
function tailOf(file: string): string {
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(handle, tail, 0, tail.length, size - tail.length);
    return tail.toString("utf8");
  } finally {
    closeSync(handle);
  }
}

/** The last errors and warnings of each part, the newest last. */
export function lastErrors(folder: string): LoggedError[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".log"))
    .flatMap((name) =>
      tailOf(path.join(folder, name))
        .split("\n")
        .filter(isError)
        .slice(-MOST_OF_A_PART)
        .map((line) => ({ part: name.replace(/\.log$/, ""), line: line.slice(0, 220) })),
    );
}

export type LastSeal = { chain: string; sealedAt: Date };

/** How old a seal may be while there is something to seal each minute. */
const LATE_MINUTES = 15;

/** The last seal of each custodian's audit, with its age. A quiet trust's may be old: what waits unsealed says if it is late. */
export function describeSeals(seals: readonly LastSeal[], unsealed: number, now: Date): string[] {
  if (seals.length === 0) return ["none yet"];
  const lines = seals.map(({ chain, sealedAt }) => {
    const minutes = Math.max(0, Math.round((now.getTime() - sealedAt.getTime()) / 60_000));
    return `${chain.padEnd(8)} ${sealedAt.toISOString()}, ${minutes} min ago`;
  });
  const newest = Math.max(...seals.map(({ sealedAt }) => sealedAt.getTime()));
  const isLate = unsealed > 0 && now.getTime() - newest > LATE_MINUTES * 60_000;
  return isLate ? [...lines, `LATE: ${unsealed} rows wait for a seal (docs/operating.md)`] : lines;
}

export type QueueDepth = { queue: string; waiting: number; oldestSeconds: number };

/** What each queue holds, in words: one that nobody reads yet is no backlog, a dead letter is for a person. */
export function describeQueues(
  depths: readonly QueueDepth[],
  queues: readonly string[],
  read: readonly string[],
): string[] {
  return queues.map((queue) => {
    const { waiting = 0, oldestSeconds = 0 } = depths.find((one) => one.queue === queue) ?? {};
    if (waiting === 0) return `${queue}: empty`;
    const said = `${queue}: ${waiting} waiting, oldest ${Math.round(oldestSeconds)} s`;
    if (queue.endsWith("DeadLetters")) return `${said} (failed for good: see functions.log)`;
    return read.includes(queue) ? said : `${said} (nothing reads this queue yet)`;
  });
}
