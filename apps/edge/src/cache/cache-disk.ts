import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { DicomJson } from "@weald/dicom";
import { z } from "zod";
import { folderSyncs } from "../ledger/disk.ts";
import { IncomingFile } from "../ledger/incoming.ts";

const Dataset = z.record(
  z.string(),
  z.object({ vr: z.string(), Value: z.array(z.unknown()).optional(), InlineBinary: z.string().optional() }),
);
const Index = z.object({
  series: z.array(Dataset),
  instances: z.array(Dataset),
  /** By their place in `instances`. */
  files: z.array(z.object({ sizeBytes: z.number(), sha256: z.string() })),
});
/** What a study holds, as the region tells of it. Written last: where it stands, everything it names is there. */
export type KeptIndex = {
  series: DicomJson[];
  instances: DicomJson[];
  files: { sizeBytes: number; sha256: string }[];
};

const HEAD = "head.json";
const INDEX = "index.json";
const KEY = /^[0-9a-f-]{36}-[0-9a-f]{32}$/;

const parsed = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, "utf8"));

/** Copies of studies on the disk, by key: what the region says of each, and its objects, whole or not at all. */
export class CacheDisk {
  readonly #home: string;
  readonly #sync = folderSyncs();
  readonly #heads = new Map<string, DicomJson>();
  readonly #ready = new Map<string, number>();
  #bytes = 0;

  private constructor(home: string) {
    this.#home = home;
  }

  /** What isn't wanted any more, or was only half fetched when the gateway ended, goes. */
  static async open(home: string, isWanted: (key: string) => boolean): Promise<CacheDisk> {
    const disk = new CacheDisk(home);
    await mkdir(home, { recursive: true, mode: 0o700 });
    for (const name of await readdir(home)) {
      if (KEY.test(name) && isWanted(name)) await disk.#recover(name);
      else await rm(path.join(home, name), { recursive: true, force: true });
    }
    return disk;
  }

  async #recover(key: string): Promise<void> {
    try {
      this.#heads.set(key, Dataset.parse(await parsed(this.#at(key, HEAD))) as DicomJson);
      const { files } = await this.index(key);
      this.#count(
        key,
        files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      );
    } catch {
      await this.#clear(key);
    }
  }

  #at = (key: string, ...parts: string[]) => path.join(this.#home, key, ...parts);

  #count(key: string, bytes: number): void {
    this.#ready.set(key, bytes);
    this.#bytes += bytes;
  }

  async #write(key: string, name: string, value: unknown): Promise<void> {
    const whole = this.#at(key, name);
    const handle = await open(`${whole}.part`, "w", 0o600);
    try {
      await handle.writeFile(JSON.stringify(value));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${whole}.part`, whole);
    await this.#sync(this.#at(key));
  }

  /** Of whole copies, and of what is being fetched. */
  get bytes(): number {
    return this.#bytes;
  }

  get ready(): readonly string[] {
    return [...this.#ready.keys()];
  }

  isReady = (key: string): boolean => this.#ready.has(key);

  /** What the region says of the study itself. */
  head = (key: string): DicomJson | undefined => this.#heads.get(key);

  async keepHead(key: string, head: DicomJson): Promise<void> {
    await mkdir(this.#at(key), { recursive: true, mode: 0o700 });
    await this.#write(key, HEAD, head);
    this.#heads.set(key, head);
  }

  async index(key: string): Promise<KeptIndex> {
    return Index.parse(await parsed(this.#at(key, INDEX))) as KeptIndex;
  }

  read = (key: string, place: number): AsyncIterable<Uint8Array> =>
    createReadStream(this.#at(key, `${place}.dcm`), { highWaterMark: 256 * 1024 });

  /** Fetches into the study's folder; what was fetched counts from its first byte. */
  async begin(key: string) {
    await this.#clear(key);
    let bytes = 0;
    return {
      bytes: () => bytes,
      write: async (place: number, pieces: AsyncIterable<Uint8Array>) => {
        const file = await IncomingFile.create(this.#at(key, `${place}.dcm`));
        try {
          for await (const piece of pieces) {
            bytes += piece.length;
            this.#bytes += piece.length;
            await file.write(piece);
          }
          return await file.finish();
        } catch (error) {
          await file.abandon();
          throw error;
        }
      },
      /** From now on it is whole. */
      finish: async (index: KeptIndex) => {
        await this.#write(key, INDEX, index);
        this.#bytes -= bytes;
        this.#count(key, bytes);
      },
      abandon: async () => {
        this.#bytes -= bytes;
        await this.#clear(key);
      },
    };
  }

  /** The objects go, what is known of the study stays: the index first, so that no half is taken for a whole. */
  async #clear(key: string): Promise<void> {
    await rm(this.#at(key, INDEX), { force: true });
    for (const name of await readdir(this.#at(key)).catch(() => []))
      if (name !== HEAD) await rm(this.#at(key, name), { force: true });
  }

  #forget(key: string): void {
    this.#bytes -= this.#ready.get(key) ?? 0;
    this.#ready.delete(key);
  }

  /** Makes room. */
  async evict(key: string): Promise<void> {
    this.#forget(key);
    await this.#clear(key);
  }

  /** Nothing of it stays. */
  async drop(key: string): Promise<void> {
    this.#forget(key);
    this.#heads.delete(key);
    await rm(this.#at(key), { recursive: true, force: true });
  }

  get keys(): readonly string[] {
    return [...this.#heads.keys()];
  }
}
