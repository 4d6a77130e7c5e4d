import { createReadStream } from "node:fs";
import { mkdir, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import type { Log } from "../log.ts";
import { folderSyncs, freeBytes, SpoolFull } from "./disk.ts";
import { IncomingFile } from "./incoming.ts";
import {
  fileNameOf,
  folderOf,
  type Item,
  type Kind,
  type NewItem,
  namedBy,
  newId,
  type Outcome,
  receivedAtOf,
} from "./item.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { Standing } from "./standing.ts";

export type SpoolOptions = {
  home: string;
  /** Nothing is taken in while less is free. */
  leastFreeBytes: number;
  log: Log;
  now?: () => Date;
};

/** Something that arrives in pieces. Until `keep` has resolved nothing of it is promised to anybody. */
export type Incoming = {
  write(piece: Uint8Array): Promise<void>;
  /** Durable when it resolves: file synced, in its place, its folder synced, its ledger row synced. */
  keep(item: NewItem): Promise<Item>;
  abandon(): Promise<void>;
};

const ROOM_IS_KNOWN_FOR_MS = 500;

/**
 * The gateway's durable store, which every door writes to and which is sent on to the region. A file is in its place only
 * when it is whole; one in its place without a ledger row (a crash between the two, a lost ledger) is taken up again.
 */
export class Spool {
  readonly ledger: Ledger;
  readonly standing = new Standing();
  #options: SpoolOptions;
  #sync = folderSyncs();
  #made = new Set<string>();
  #room: { at: number; free: number } | undefined;
  #listeners = new Set<(item: Item) => void>();

  private constructor(ledger: Ledger, options: SpoolOptions) {
    this.ledger = ledger;
    this.#options = options;
  }

  /** @throws {LedgerUnavailable} `HOME_IN_USE`, `LEDGER_UNREADABLE` */
  static async open(options: SpoolOptions): Promise<Spool> {
    const { home } = options;
    for (const name of ["spool", "incoming"])
      await mkdir(path.join(home, name), { recursive: true, mode: 0o700 });
    const spool = new Spool(await openLedger(path.join(home, "ledger")), options);
    await spool.#recover();
    for await (const item of spool.ledger.unsettled()) spool.standing.change(item, undefined);
    return spool;
  }

  #at = (...parts: string[]) => path.join(this.#options.home, ...parts);
  #now = () => this.#options.now?.() ?? new Date();

  placeOf(item: Pick<Item, "id" | "kind" | "urgency">): string {
    return this.#at("spool", folderOf(item.id), fileNameOf(item));
  }

  async freeBytes(): Promise<number> {
    const at = Date.now();
    if (!this.#room || at - this.#room.at > ROOM_IS_KNOWN_FOR_MS)
      this.#room = { at, free: await freeBytes(this.#options.home) };
    return this.#room.free;
  }

  /** Is there room for so much more, above what must stay free? */
  async hasRoom(sizeBytes = 0): Promise<boolean> {
    return (await this.freeBytes()) - sizeBytes >= this.#options.leastFreeBytes;
  }

  /** @throws {SpoolFull} `SPOOL_FULL` */
  async begin(kind?: Kind): Promise<Incoming> {
    // A look is a few hundred bytes of the room that is left free, and reading must not end where storing does.
    const fits = async () => kind === "look" || (await this.hasRoom());
    if (!(await fits())) throw new SpoolFull();
    const id = newId(this.#now());
    const file = await IncomingFile.create(this.#at("incoming", id));
    return {
      write: async (piece) => {
        if (!(await fits())) throw new SpoolFull();
        await file.write(piece);
      },
      keep: (item) => this.#keep(id, file, item),
      abandon: () => file.abandon(),
    };
  }

  /**
   * Takes in the whole of something. Durable when it resolves.
   *
   * @throws {SpoolFull} `SPOOL_FULL`
   */
  async add(item: NewItem, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<Item> {
    const incoming = await this.begin(item.kind);
    try {
      for await (const piece of bytes instanceof Uint8Array ? [bytes] : bytes) await incoming.write(piece);
      return await incoming.keep(item);
    } catch (error) {
      await incoming.abandon();
      throw error;
    }
  }

  async #keep(id: string, file: IncomingFile, item: NewItem): Promise<Item> {
    const written = await file.finish();
    const kept: Item = {
      ...item,
      ...written,
      id,
      receivedAt: receivedAtOf(id),
      state: "waiting",
      attempts: 0,
    };
    const place = this.placeOf(kept);
    await this.#folder(path.dirname(place));
    await rename(file.name, place);
    await this.#sync(path.dirname(place));
    await this.#change([{ item: kept }], "now");
    for (const listener of this.#listeners) listener(kept);
    return kept;
  }

  async #folder(folder: string): Promise<void> {
    if (this.#made.has(folder)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await this.#sync(path.dirname(folder));
    this.#made.add(folder);
  }

  /** Called for each item once it is durable. */
  onKept(listener: (item: Item) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The newest item that is known by this key, of the last 90 days. */
  async find(key: string): Promise<Item | undefined> {
    return (await this.ledger.find(key)).at(-1);
  }

  read(item: Item): AsyncIterable<Uint8Array> {
    return createReadStream(this.placeOf(item), { highWaterMark: 256 * 1024 });
  }

  /** The region has its bytes. Told again after a crash, so it needn't be durable. */
  async markSent(item: Item, sent: NonNullable<Item["sent"]>): Promise<Item> {
    const next: Item = { ...item, state: "sent", sent };
    await this.#change([{ item: next, before: item }], "soon");
    return next;
  }

  /** It didn't go, or the region doesn't know it any more: it stands in line. */
  async markWaiting(item: Item): Promise<Item> {
    const { sent: _sent, ...rest } = item;
    const next: Item = { ...rest, state: "waiting", attempts: item.attempts + 1 };
    await this.#change([{ item: next, before: item }], "soon");
    return next;
  }

  /** The region has said what became of them: the ledger keeps that, the files may go. */
  async settle(
    settled: readonly { item: Item; outcome: Outcome; code?: string | undefined }[],
  ): Promise<void> {
    const settledAt = this.#now().toISOString();
    const changes = settled.map(({ item, outcome, code }) => {
      const next: Item = { ...item, outcome, ...(code ? { code } : {}), settledAt, state: "settled" };
      return { item: next, before: item };
    });
    await this.#change(changes, "now");
    await Promise.all(settled.map(({ item }) => rm(this.placeOf(item), { force: true })));
  }

  async #change(changes: readonly { item: Item; before?: Item }[], when: "now" | "soon"): Promise<void> {
    await this.ledger.write(changes, when);
    for (const { item, before } of changes) this.standing.change(item, before);
  }

  /** After a crash: half a file is nobody's; a whole one in its place is taken up, a settled one's is removed. */
  async #recover(): Promise<void> {
    for (const name of await readdir(this.#at("incoming")))
      await rm(this.#at("incoming", name), { force: true });
    for (const folder of await readdir(this.#at("spool"))) {
      const names = await readdir(this.#at("spool", folder));
      for (const name of names) await this.#recoverFile(path.join(folder, name));
      // An hour of which nothing is left.
      if (names.length === 0) await rmdir(this.#at("spool", folder));
    }
  }

  async #recoverFile(name: string): Promise<void> {
    const file = this.#at("spool", name);
    const named = namedBy(path.basename(name));
    if (!named) return;
    const item = await this.ledger.read(named.id);
    if (item?.state === "settled") return rm(file, { force: true });
    if (item) return;
    const { size: sizeBytes } = await stat(file);
    const found = { stream: "recovered", keys: [], sha256: "", receivedAt: receivedAtOf(named.id) };
    await this.ledger.write([{ item: { ...named, ...found, sizeBytes, state: "waiting", attempts: 0 } }]);
    this.#options.log({ level: "warn", event: "spool.taken-up", id: named.id, kind: named.kind });
  }

  close(): Promise<void> {
    return this.ledger.close();
  }
}
