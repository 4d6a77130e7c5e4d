import { readdirSync, readFileSync } from "node:fs";

/** An archive under measurement: the same requests go to each. */
export type Peer = {
  name: string;
  /** Base of its DICOMweb, without a slash at the end. */
  dicomweb: string;
  headers: Record<string, string>;
  dimse: { aeTitle: string; port: number };
  /** Resolves once everything that was sent is indexed. */
  settled(): Promise<void>;
  /** Of its whole process tree. */
  pid: number;
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

/** Proportional set size in MB: pages that several processes share are counted once. */
export const memoryMb = (pid: number): number =>
  Math.round(
    treeOf(pid).reduce(
      (sum, one) => sum + Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${one}/smaps_rollup`))?.[1] ?? 0),
      0,
    ) / 1024,
  );
