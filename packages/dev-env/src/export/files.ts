import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { appendFile, mkdir, open, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

/** Lines that grow; each is cut back to where the last whole record ended when an export goes on. */
export const LINE_FILES = [
  "fhir/Patient.ndjson",
  "fhir/ServiceRequest.ndjson",
  "fhir/ImagingStudy.ndjson",
  "fhir/DiagnosticReport.ndjson",
  "fhir/Provenance.ndjson",
  "fhir/AuditEvent.ndjson",
  "overlays.ndjson",
  "sums.part",
] as const;
export type LineFile = (typeof LINE_FILES)[number];

const Head = z.object({ format: z.literal("weald-export-1"), of: z.string() });
const Done = z.object({ recordId: z.string(), lengths: z.record(z.string(), z.number()) });
type Done = z.output<typeof Done>;

/** The folder holds something else. */
export class FolderInUse extends Error {
  readonly code = "FOLDER_IN_USE";
}

const isMissing = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file)) hash.update(piece);
  return hash.digest("hex");
}

const STATE = "export.state";

function doneIn(text: string): Done[] {
  // A line that a crash cut short doesn't count.
  const lines = text.split("\n").slice(1, -1);
  return lines.map((line) => Done.parse(JSON.parse(line)));
}

/** The folder of one export: files that are whole or absent, lines, and what was done so far. */
export class ExportFolder {
  readonly folder: string;
  readonly #done: Set<string>;
  #buffered = new Map<LineFile, string[]>();

  private constructor(folder: string, done: Set<string>) {
    this.folder = folder;
    this.#done = done;
  }

  /** @throws {FolderInUse} `FOLDER_IN_USE` */
  static async open(folder: string, of: string): Promise<ExportFolder> {
    await mkdir(path.join(folder, "fhir"), { recursive: true, mode: 0o700 });
    const state = path.join(folder, STATE);
    let text = "";
    try {
      text = await readFile(state, "utf8");
    } catch (error) {
      if (!isMissing(error)) throw error;
      await writeFile(state, `${JSON.stringify({ format: "weald-export-1", of })}\n`, { mode: 0o600 });
    }
    const [head] = text.split("\n");
    if (head && Head.safeParse(JSON.parse(head)).data?.of !== of)
      throw new FolderInUse(`${folder} holds another export. Name another folder.`);
    const done = doneIn(text);
    if (text !== "") await truncate(state, Buffer.byteLength(text.slice(0, text.lastIndexOf("\n") + 1)));
    const lengths = done.at(-1)?.lengths ?? {};
    for (const name of LINE_FILES) {
      const file = await open(path.join(folder, name), "a", 0o600);
      await file.truncate(lengths[name] ?? 0).finally(() => file.close());
    }
    return new ExportFolder(folder, new Set(done.map(({ recordId }) => recordId)));
  }

  isDone(recordId: string): boolean {
    return this.#done.has(recordId);
  }

  add(name: LineFile, line: object | string): void {
    const text = typeof line === "string" ? line : JSON.stringify(line);
    const lines = this.#buffered.get(name) ?? [];
    lines.push(`${text}\n`);
    this.#buffered.set(name, lines);
  }

  /**
   * A file by its place below the folder. One that is there from a run before is kept if it is the same.
   *
   * @throws whatever `write` throws; then nothing stands in the place
   */
  async put(place: string, bytes: () => Promise<AsyncIterable<Uint8Array>>, wanted?: string): Promise<void> {
    const file = path.join(this.folder, place);
    const known = wanted === undefined ? undefined : await sha256Of(file).catch(() => undefined);
    const sum = known !== undefined && known === wanted ? known : await this.#write(file, await bytes());
    if (wanted !== undefined && sum !== wanted) {
      await rm(file, { force: true });
      throw new Error("what came is not what is kept");
    }
    this.add("sums.part", `${sum}  ${place}`);
  }

  /** A file of this record that was needed on the way and is nobody's to have. */
  async drop(place: string): Promise<void> {
    await rm(path.join(this.folder, place), { force: true });
    const sums = this.#buffered.get("sums.part") ?? [];
    this.#buffered.set(
      "sums.part",
      sums.filter((line) => !line.endsWith(`  ${place}\n`)),
    );
  }

  async #write(file: string, bytes: AsyncIterable<Uint8Array>): Promise<string> {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const part = `${file}.part`;
    const hash = createHash("sha256");
    const handle = await open(part, "w", 0o600);
    try {
      for await (const piece of bytes) {
        hash.update(piece);
        await handle.appendFile(piece);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
    return hash.digest("hex");
  }

  /** All of one record is on the disk. */
  async finish(recordId: string): Promise<void> {
    for (const [name, lines] of this.#buffered)
      await appendFile(path.join(this.folder, name), lines.join(""), { mode: 0o600 });
    this.#buffered = new Map();
    const lengths: Record<string, number> = {};
    for (const name of LINE_FILES) lengths[name] = (await stat(path.join(this.folder, name))).size;
    await appendFile(path.join(this.folder, STATE), `${JSON.stringify({ recordId, lengths })}\n`);
    this.#done.add(recordId);
  }

  /** Not all of a record could be had: its lines are dropped, its files stay for the next run. */
  forget(): void {
    this.#buffered = new Map();
  }

  /** The sums of all files, in the form that `sha256sum -c SHA256SUMS` reads. */
  async close(): Promise<void> {
    const lines = (await readFile(path.join(this.folder, "sums.part"), "utf8")).split("\n").filter(Boolean);
    for (const name of LINE_FILES)
      if (name !== "sums.part") lines.push(`${await sha256Of(path.join(this.folder, name))}  ${name}`);
    const whole = path.join(this.folder, "SHA256SUMS");
    await writeFile(`${whole}.part`, `${lines.join("\n")}\n`, { mode: 0o600 });
    await rename(`${whole}.part`, whole);
  }
}
