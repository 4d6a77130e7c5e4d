import { type FileHandle, mkdir, open, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

const Head = z.object({ format: z.literal("weald-import-1"), trust: z.string(), source: z.string() });
type Head = z.output<typeof Head>;

/** One object of the source that has been dealt with. */
const Line = z.object({
  key: z.string(),
  study: z.string().optional(),
  sop: z.string().optional(),
  outcome: z.enum(["accepted", "duplicate", "alternate", "quarantined", "skipped"]),
  code: z.string().optional(),
  message: z.string().optional(),
});
export type Settled = z.output<typeof Line>;

/** The state belongs to another import. */
export class StateOfAnother extends Error {
  readonly code = "STATE_OF_ANOTHER";
}

function parsed<T>(shape: z.ZodType<T>, text: string): T | undefined {
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

/** What an import has dealt with, so that it goes on where it was stopped: a line for each object, appended. */
export class ImportState {
  readonly #handle: FileHandle;
  readonly #settled: Map<string, Settled>;

  private constructor(handle: FileHandle, settled: Map<string, Settled>) {
    this.#handle = handle;
    this.#settled = settled;
  }

  /** @throws {StateOfAnother} `STATE_OF_ANOTHER` */
  static async open(file: string, of: Omit<Head, "format">): Promise<ImportState> {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const text = await contentOf(file);
    // A line that a crash cut short is not counted: its object is sent again, and is a duplicate.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    const [first, ...lines] = whole.split("\n").slice(0, -1);
    const head = first === undefined ? undefined : parsed(Head, first);
    if (whole !== "" && (head?.trust !== of.trust || head.source !== of.source))
      throw new StateOfAnother(`${file} belongs to another import. Name another file with --state.`);
    const handle = await open(file, "a", 0o600);
    await handle.truncate(Buffer.byteLength(whole));
    if (whole === "") await handle.appendFile(`${JSON.stringify({ format: "weald-import-1", ...of })}\n`);
    const settled = lines.flatMap((line) => parsed(Line, line) ?? []);
    return new ImportState(handle, new Map(settled.map((one) => [one.key, one])));
  }

  get(key: string): Settled | undefined {
    return this.#settled.get(key);
  }

  async add(settled: Settled): Promise<void> {
    this.#settled.set(settled.key, settled);
    await this.#handle.appendFile(`${JSON.stringify(settled)}\n`);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
