import { takeAgain } from "./take-again.ts";

export type SignedPicture = { seriesId: string; url: string };
/** What the door says of small pictures. `awaited`: series whose picture is to be drawn still. */
export type SignedPictures = { pictures: readonly SignedPicture[]; awaited: readonly string[] };
export type SeriesOfStudy = { studyId: string; seriesIds: readonly string[] };

/** `none`: there won't be one while this page is open. */
export type Preview = { state: "there"; src: string } | { state: "awaited" } | { state: "none" };
export type Previews = ReadonlyMap<string, Preview>;

export const srcOf = (preview: Preview | undefined): string | undefined =>
  preview?.state === "there" ? preview.src : undefined;

/** What is due is drawn each minute. Asked for ever more rarely, for five minutes in all. */
export const WAITS_MS: readonly number[] = [3, 5, 8, 12, 20, ...Array<number>(8).fill(30)].map(
  (seconds) => seconds * 1000,
);

export type Asked = {
  ask(study: SeriesOfStudy): Promise<SignedPictures>;
  /** Until the page is on a screen: nobody waits for what they don't look at. */
  untilSeen(signal: AbortSignal): Promise<void>;
  onTold(previews: Previews): void;
};

/**
 * Small pictures of a page, held by it and let go with it. Their addresses live for less than a minute: each is fetched at once. What
 * isn't drawn yet, or could not be fetched, is asked for again.
 */
export function watchPictures({ ask, untilSeen, onTold }: Asked) {
  const stopped = new AbortController();
  const told = new Map<string, Preview>();
  const onTheirWay = new Set<string>();
  let wanted: readonly SeriesOfStudy[] = [];
  let asking = new AbortController();

  function tell(seriesId: string, preview: Preview): void {
    told.set(seriesId, preview);
    onTold(new Map(told));
  }

  async function take({ seriesId, url }: SignedPicture): Promise<void> {
    onTheirWay.add(seriesId);
    const blob = await takeAgain(url, stopped.signal);
    onTheirWay.delete(seriesId);
    if (stopped.signal.aborted) return;
    tell(seriesId, blob ? { state: "there", src: URL.createObjectURL(blob) } : { state: "awaited" });
  }

  function hear({ pictures, awaited }: SignedPictures): void {
    for (const seriesId of awaited) tell(seriesId, { state: "awaited" });
    for (const one of pictures) void take(one);
  }

  const isSettled = (seriesId: string) => ["there", "none"].includes(told.get(seriesId)?.state ?? "");
  const missing = (): SeriesOfStudy[] =>
    wanted.flatMap(({ studyId, seriesIds }) => {
      const left = seriesIds.filter((id) => !isSettled(id) && !onTheirWay.has(id));
      return left.length > 0 ? [{ studyId, seriesIds: left }] : [];
    });

  async function askOnce(study: SeriesOfStudy): Promise<void> {
    // Whoever isn't answered now is the next time; a link that ended closes the page by another way.
    const answer = await ask(study).catch(() => undefined);
    if (!answer || stopped.signal.aborted) return;
    hear(answer);
    const named = new Set([...answer.awaited, ...answer.pictures.map(({ seriesId }) => seriesId)]);
    for (const seriesId of study.seriesIds) if (!named.has(seriesId)) tell(seriesId, { state: "none" });
  }

  async function askAgain(signal: AbortSignal): Promise<void> {
    for (const wait of WAITS_MS) {
      if (missing().length === 0 && onTheirWay.size === 0) return;
      await new Promise((then) => setTimeout(then, wait));
      await untilSeen(signal);
      if (signal.aborted) return;
      await Promise.all(missing().map(askOnce));
    }
    for (const { seriesIds } of missing())
      for (const seriesId of seriesIds) tell(seriesId, { state: "none" });
  }

  return {
    hear,
    /** What the page shows now. Asking begins anew where something is among it that wasn't. */
    want(studies: readonly SeriesOfStudy[]): void {
      const before = new Set(wanted.flatMap(({ seriesIds }) => seriesIds));
      const isMore = studies.some(({ seriesIds }) => seriesIds.some((id) => !before.has(id)));
      wanted = studies;
      if (!isMore) return;
      asking.abort();
      asking = new AbortController();
      void askAgain(asking.signal);
    },
    stop(): void {
      stopped.abort();
      asking.abort();
      for (const preview of told.values()) if (preview.state === "there") URL.revokeObjectURL(preview.src);
      onTold(new Map());
    },
  };
}
