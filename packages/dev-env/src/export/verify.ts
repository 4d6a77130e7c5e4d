import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { sha256Of } from "./files.ts";

export type Verified = {
  files: number;
  wrong: { file: string; why: "missing" | "changed" | "not in the list" }[];
};

const OWN = new Set(["SHA256SUMS", "sums.part", "export.state"]);

async function* filesIn(folder: string, below = ""): AsyncGenerator<string> {
  for (const entry of await readdir(path.join(folder, below), { withFileTypes: true })) {
    const place = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* filesIn(folder, place);
    else if (!OWN.has(place)) yield place;
  }
}

/** Every file of an export against the sums that were written with it. */
export async function verifyExport(folder: string): Promise<Verified> {
  const listed = new Map<string, string>();
  const lines = createInterface({ input: createReadStream(path.join(folder, "SHA256SUMS")) });
  for await (const line of lines) {
    const [, sum, place] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (sum && place) listed.set(place, sum);
  }
  const wrong: Verified["wrong"] = [];
  for (const [file, sum] of listed) {
    const found = await sha256Of(path.join(folder, file)).catch(() => undefined);
    if (found === undefined) wrong.push({ file, why: "missing" });
    else if (found !== sum) wrong.push({ file, why: "changed" });
  }
  for await (const file of filesIn(folder))
    if (!listed.has(file)) wrong.push({ file, why: "not in the list" });
  return { files: listed.size, wrong };
}
