import type { FrameSource, SeriesPage, SignedObject } from "../contract.ts";

export class FrameGone extends Error {
  readonly code = "FRAME_GONE";
}

type Sign = (instanceIds: string[]) => Promise<SignedObject[]>;
type Entry = { url: string; until: number };
type Waiting = { instanceId: string; resolve(url: string): void; reject(error: unknown): void };

const MOST = 200;
const GATHER_MS = 8;
/** Asked for again while there is still time for a request to begin. */
const MARGIN_MS = 4000;

/** Signed URLs by instance: asked for in batches, renewed before their end, never part of an image's id. */
export function urlBook(sign: Sign, now: () => number = Date.now) {
  const known = new Map<string, Entry>();
  const gone = new Set<string>();
  let waiting: Waiting[] = [];
  const places = new Map<string, { order: readonly string[]; at: number }>();

  const isFresh = (instanceId: string) => (known.get(instanceId)?.until ?? 0) - now() > MARGIN_MS;

  /** A reader who asks for one image will soon want its neighbours: their URLs come with it. */
  function withNeighbours(wanted: readonly string[]): string[] {
    const ids = new Set(wanted);
    const place = places.get(wanted[0] ?? "");
    if (place === undefined) return [...ids];
    const { order, at } = place;
    for (let distance = 1; distance < MOST && ids.size < MOST; distance += 1)
      for (const near of [order[at + distance], order[at - distance]])
        if (near !== undefined && ids.size < MOST && !gone.has(near) && !isFresh(near)) ids.add(near);
    return [...ids];
  }

  function note(one: SignedObject): void {
    if ("gone" in one) gone.add(one.instanceId);
    else known.set(one.instanceId, { url: one.url, until: Date.parse(one.expiresAt) });
  }

  function settle(one: Waiting, signed: ReadonlyMap<string, SignedObject>): void {
    const found = signed.get(one.instanceId);
    if (!found || "gone" in found) one.reject(new FrameGone("This image is no longer served."));
    else one.resolve(found.url);
  }

  async function ask(batch: Waiting[]): Promise<void> {
    try {
      const signed = await sign(withNeighbours(batch.map(({ instanceId }) => instanceId)));
      const byId = new Map(signed.map((one) => [one.instanceId, one]));
      for (const one of signed) note(one);
      for (const one of batch) settle(one, byId);
    } catch (error) {
      for (const one of batch) one.reject(error);
    }
  }

  function flush(): void {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += MOST) void ask(all.slice(from, from + MOST));
  }

  return {
    /** What came without being asked for. */
    note(signed: readonly SignedObject[]): void {
      for (const one of signed) note(one);
    },
    /** The order in which a reader goes through the images of one series. */
    plan(order: readonly string[]): void {
      for (const [at, instanceId] of order.entries()) places.set(instanceId, { order, at });
    },
    /** @throws {FrameGone} `FRAME_GONE` once the server has said so */
    get(instanceId: string): Promise<string> {
      if (gone.has(instanceId)) return Promise.reject(new FrameGone("This image is no longer served."));
      const entry = known.get(instanceId);
      if (entry && isFresh(instanceId)) return Promise.resolve(entry.url);
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) setTimeout(flush, GATHER_MS);
        waiting.push({ instanceId, resolve, reject });
      });
    },
    forget: (instanceId: string): void => void known.delete(instanceId),
  };
}
export type UrlBook = ReturnType<typeof urlBook>;

/** What came along with a page of a series. */
export function notePage(book: SourceBook, { objects = [], packs = [] }: SeriesPage): void {
  book.note(objects);
  book.packs?.note(packs);
}

/** Addresses of one source: of its originals, and of the packs of its series. */
export type SourceBook = UrlBook & { packs?: UrlBook | undefined };

export function sourceBook(source: FrameSource): SourceBook {
  const { signPacks } = source;
  return Object.assign(
    urlBook((ids) => source.sign(ids)),
    { packs: signPacks && urlBook(signPacks) },
  );
}
