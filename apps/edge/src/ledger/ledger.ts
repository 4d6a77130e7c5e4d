import { ClassicLevel } from "classic-level";
import { Item, URGENCIES, type Urgency } from "./item.ts";

/** Another gateway has this home open, or it can't be read. */
export class LedgerUnavailable extends Error {
  readonly code: string;
  constructor(code: string, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const SMALL_BYTES = 64 * 1024;
const LARGE_BYTES = 32 * 1024 * 1024;
const HELD = 500;
const DURABLE = { sync: true } as const;
/** Would be told again after a crash: nothing is lost without it. */
const SOON = { sync: false } as const;

type Change = { type: "put"; key: string; value: string } | { type: "del"; key: string };

const put = (key: string, value = ""): Change => ({ type: "put", key, value });
const del = (key: string): Change => ({ type: "del", key });

/** Holds a slow line for minutes. */
export const isLarge = (sizeBytes: number): boolean => sizeBytes > LARGE_BYTES;

/** Small before large within one urgency: on a slow line a radiograph passes a volume. */
function sizeClass({ kind, sizeBytes }: Item): number {
  if (kind !== "dicom" || sizeBytes <= SMALL_BYTES) return 0;
  return isLarge(sizeBytes) ? 2 : 1;
}

const itemKey = (id: string) => `item!${id}`;
const waitingKey = (item: Item) => `wait!${URGENCIES.indexOf(item.urgency)}!${sizeClass(item)}!${item.id}`;
/** A step's own order is what it means: they stand in a line of their own. */
const stepKey = (id: string) => `step!${id}`;
const lookKey = (id: string) => `look!${id}`;
const sentKey = (item: Item) => `sent!${item.sent?.uploadId ?? ""}!${item.id}`;
const foundKey = (key: string, id: string) => `find!${key.replaceAll("!", "%21")}!${id}`;
const noteKey = (kind: string, id: string) => `note!${kind}!${id}`;
const range = (prefix: string) => ({ gt: prefix, lt: `${prefix}\uffff` });
const idIn = (key: string) => key.slice(key.lastIndexOf("!") + 1);

/** Where the item stands in line; a settled one stands in none. */
function placeOf(item: Item): string | undefined {
  if (item.state === "waiting" && item.kind === "look") return lookKey(item.id);
  if (item.state === "waiting") return item.kind === "mpps" ? stepKey(item.id) : waitingKey(item);
  return item.state === "sent" ? sentKey(item) : undefined;
}

async function opened(folder: string): Promise<ClassicLevel> {
  const level = new ClassicLevel(folder);
  try {
    await level.open();
    return level;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof Error && "code" in cause && cause.code === "LEVEL_LOCKED")
      throw new LedgerUnavailable("HOME_IN_USE", "Another gateway runs from this home folder.", error);
    throw new LedgerUnavailable(
      "LEDGER_UNREADABLE",
      "The ledger can't be opened. What waits lies whole in the spool folder: move the ledger folder away and start again.",
      error,
    );
  }
}

export type Ledger = Awaited<ReturnType<typeof openLedger>>;

/**
 * What was taken in and what became of it, for 90 days: LevelDB, each change written and synced as one. Held on disk, not in
 * memory: a trust sends millions of objects in that time.
 *
 * @throws {LedgerUnavailable} `HOME_IN_USE`, `LEDGER_UNREADABLE`
 */
export async function openLedger(folder: string) {
  const level = await opened(folder);

  async function read(id: string): Promise<Item | undefined> {
    const text = await level.get(itemKey(id));
    return text === undefined ? undefined : Item.parse(JSON.parse(text));
  }

  async function readAll(ids: readonly string[]): Promise<Item[]> {
    const texts = await level.getMany(ids.map(itemKey));
    return texts.flatMap((text) => (text === undefined ? [] : [Item.parse(JSON.parse(text))]));
  }

  /** Written, and on the disk when it resolves unless it may come `soon`. `before` is the item as it stood. */
  async function write(
    items: readonly { item: Item; before?: Item | undefined }[],
    when: "now" | "soon" = "now",
  ): Promise<void> {
    const changes = items.flatMap(({ item, before }): Change[] => {
      const [left, taken] = [before && placeOf(before), placeOf(item)];
      return [
        put(itemKey(item.id), JSON.stringify(item)),
        ...(left && left !== taken ? [del(left)] : []),
        ...(taken ? [put(taken)] : []),
        ...(before ? [] : item.keys.map((key) => put(foundKey(key, item.id)))),
      ];
    });
    await level.batch(changes, when === "now" ? DURABLE : SOON);
  }

  async function ids(prefix: string, limit: number): Promise<string[]> {
    const keys = await level.keys({ ...range(prefix), limit }).all();
    return keys.map(idIn);
  }

  return {
    read,
    /** Those that it knows, in this order. */
    readAll,
    write,
    /** The newest last. */
    async find(key: string): Promise<Item[]> {
      return readAll(await ids(foundKey(key, ""), HELD));
    },
    /** In the order in which they are to be sent: urgency, size, age. */
    async nextWaiting(limit: number): Promise<Item[]> {
      return readAll(await ids("wait!", limit));
    },
    async oldestWaiting(urgency: Urgency): Promise<string | undefined> {
      const rank = URGENCIES.indexOf(urgency);
      const firsts = await Promise.all([0, 1, 2].map((size) => ids(`wait!${rank}!${size}!`, 1)));
      return firsts.flat().sort()[0];
    },
    async nextSteps(limit: number): Promise<Item[]> {
      return readAll(await ids("step!", limit));
    },
    async nextLooks(limit: number): Promise<Item[]> {
      return readAll(await ids("look!", limit));
    },
    /** What the region has and hasn't judged yet, by upload, behind `after`. */
    async sentPage(after: Item | undefined, limit: number): Promise<Item[]> {
      const gt = after ? sentKey(after) : "sent!";
      const keys = await level.keys({ gt, lt: "sent!\uffff", limit }).all();
      return readAll(keys.map(idIn));
    },
    /** Every item that isn't settled. */
    async *unsettled(): AsyncGenerator<Item> {
      for (const prefix of ["wait!", "step!", "look!", "sent!"])
        for await (const key of level.keys(range(prefix))) {
          const item = await read(idIn(key));
          if (item) yield item;
        }
    },
    /** Forgets what was settled and was received before. Answers how many. */
    async forgetBefore(time: Date): Promise<number> {
      const end = itemKey(time.toISOString().replace(/\D/g, ""));
      let forgotten = 0;
      for await (const text of level.values({ gt: "item!", lt: end })) {
        const item = Item.parse(JSON.parse(text));
        if (item.state !== "settled") continue;
        await level.batch([del(itemKey(item.id)), ...item.keys.map((key) => del(foundKey(key, item.id)))]);
        forgotten += 1;
      }
      return forgotten;
    },
    /** What a part of the gateway must not forget, by its own id. Durable when it resolves. */
    async keepNote(kind: string, id: string, note: unknown): Promise<void> {
      await level.put(noteKey(kind, id), JSON.stringify(note), DURABLE);
    },
    async *notes(kind: string): AsyncGenerator<unknown> {
      for await (const text of level.values(range(noteKey(kind, "")))) yield JSON.parse(text);
    },
    async dropNote(kind: string, id: string): Promise<void> {
      await level.del(noteKey(kind, id));
    },
    close: () => level.close(),
  };
}
