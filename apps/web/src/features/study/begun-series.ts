import type { FrameSource, SignedObject, ViewerInstance } from "#viewer/contract.ts";

type Page = { after: string | undefined; instances: ViewerInstance[]; next: string | undefined };
/** What the page has already asked for when the viewer's code comes: of the series that hangs first. */
export type BegunSeries = { seriesId: string; pages: Page[]; signed: SignedObject[] };
/** As it travels: a text costs the page less than ten thousand small things. */
export type Begun = PromiseLike<string | undefined>;

/** Less time than this is left for a request to begin: a fresh address is asked for. */
const MARGIN_MS = 5000;

const isFresh = (one: SignedObject, now: number) =>
  !("gone" in one) && Date.parse(one.expiresAt) - now > MARGIN_MS;

/**
 * The same source, which first hands out what was begun, each page once; all else it asks for. Once its addresses have ended nothing
 * of it is handed out: a browser that goes back shows an old page.
 */
export function withBegun(
  source: FrameSource,
  begun: Begun | undefined,
  now: () => number = Date.now,
): FrameSource {
  if (!begun) return source;
  // What a page brings along can be awaited, but its own `then` answers nothing.
  const read = Promise.resolve(begun).then(
    (text) => (text === undefined ? undefined : (JSON.parse(text) as BegunSeries)),
    () => undefined,
  );
  async function known(): Promise<BegunSeries | undefined> {
    const series = await read;
    return series?.signed.every((one) => isFresh(one, now())) ? series : undefined;
  }
  /** Of what is asked for all, or nothing: one that is missing is asked for with the others. */
  async function signedOf(ids: readonly string[]): Promise<SignedObject[] | undefined> {
    const signed = new Map((await known())?.signed.map((one) => [one.instanceId, one]));
    const mine = ids.flatMap((id) => signed.get(id) ?? []);
    return mine.length === ids.length ? mine : undefined;
  }
  const { signPacks } = source;
  const handed = new Set<Page>();
  return {
    ...source,
    async instances(seriesId, after) {
      const series = await known();
      const page = series?.seriesId === seriesId && series.pages.find((one) => one.after === after);
      if (!page || handed.has(page)) return source.instances(seriesId, after);
      handed.add(page);
      return page;
    },
    sign: async (instanceIds) => (await signedOf(instanceIds)) ?? source.sign(instanceIds),
    ...(signPacks ? { signPacks: async (packIds) => (await signedOf(packIds)) ?? signPacks(packIds) } : {}),
  };
}
