import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";

/** An archive under measurement: the same requests go to each. */
export type Peer = {
  name: string;
  /** Base of its DICOMweb, without a slash at the end. */
  dicomweb: string;
  headers: Record<string, string>;
  dimse: { aeTitle: string; port: number };
  /** Resolves once everything that was sent is indexed. */
  settled(): Promise<void>;
  /** Of its process tree, and of its database's. */
  pids: readonly number[];
  stop(): Promise<void>;
};

const read = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // a process that has just ended
  }
};

/** The process and everything below it. */
export function treeOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
    const [, parent] = /^\d+ \(.*\) \S (\d+)/.exec(read(`/proc/${name}/stat`)) ?? [];
    if (parent) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(name)]);
  }
  const below = (one: number): number[] => [one, ...(children.get(one) ?? []).flatMap(below)];
  return below(pid);
}

/** The process that a database's others are children of. It belongs to nobody's tree. */
export async function postmasterOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
    return Number.parseInt(read(path.join(rows[0]?.data_directory ?? "", "postmaster.pid")), 10);
  } finally {
    await client.end();
  }
}

const list = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return []; // a process that has just ended
  }
};

/** Time on a processor of every thread of these trees so far, in ms: a loaded machine changes it little. */
export const cpuMs = (pids: readonly number[]): number =>
  [...new Set(pids.flatMap(treeOf))]
    .flatMap((pid) => list(`/proc/${pid}/task`).map((task) => read(`/proc/${pid}/task/${task}/schedstat`)))
    .reduce((sum, text) => sum + (Number.parseInt(text, 10) || 0) / 1e6, 0);

/** Proportional set size in MB: pages that several processes share are counted once. */
export const memoryMb = (pids: readonly number[]): number =>
  Math.round(
    [...new Set(pids.flatMap(treeOf))].reduce(
      (sum, one) => sum + Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${one}/smaps_rollup`))?.[1] ?? 0),
      0,
    ) / 1024,
  );
