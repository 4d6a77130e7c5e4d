/** What a page tells of itself, by the same means whoever made it. Times are milliseconds since the page was asked for. */
export type Seen = {
  /** When something that is no plain surface was first on the canvas. */
  firstMs: number | undefined;
  /** The same, and whoever made the page no longer calls it less than the full detail. */
  fullMs: number | undefined;
  /** Of the click that a person made last. */
  clickedMs: number | undefined;
  /** Of the key that a person pressed last, and of the first other picture after it. */
  keyMs: number | undefined;
  changedMs: number | undefined;
  /** Pictures on the canvas that differ from the one before. */
  changes: number;
  frames: number;
  /** When the first frame was asked for, and when the last was here. */
  firstFrameMs: number;
  lastFrameMs: number;
  longTasks: { at: number; ms: number }[];
};

/** How one product's page is watched. Strings only: it goes into the page. */
export type Watched = {
  /** Of the canvas that is looked at; of several, the first that has something on it. */
  canvas: string;
  /** Present once the canvas shows full detail; where a product shows nothing less, the canvas. */
  full: string;
  /** A regular expression of the addresses from which frames come. */
  frames: string;
};

/** Put into each page before its own code. */
export function watch({ canvas: selector, full, frames: from }: Watched): void {
  const isFrame = new RegExp(from);
  const seen: Seen = {
    ...{
      firstMs: undefined,
      fullMs: undefined,
      clickedMs: undefined,
      keyMs: undefined,
      changedMs: undefined,
    },
    ...{ changes: 0, frames: 0, firstFrameMs: 0, lastFrameMs: 0, longTasks: [] },
  };
  const scope = globalThis as unknown as { benchSeen: Seen; benchAnew(of?: string): void; benchSwap(): void };
  scope.benchSeen = seen;
  const known = new Set<string>();
  const small = document.createElement("canvas");
  // The whole of it small, and its middle as it is: neighbouring slices may differ by their noise alone.
  [small.width, small.height] = [64, 96];
  const context = small.getContext("2d", { willReadFrequently: true });
  let print = "";
  let isDrawn = false;
  /** Part of the addresses of the frames that are waited for: others may be fetched ahead of them, or behind. */
  let awaited = "";
  /** The picture that is there is to give way to another: it is none of those that are waited for. */
  let isSwap = false;

  function forget(): void {
    Object.assign(seen, {
      firstMs: undefined,
      fullMs: undefined,
      clickedMs: undefined,
      frames: 0,
      firstFrameMs: 0,
      lastFrameMs: 0,
    });
    known.clear();
  }
  scope.benchAnew = (of = "") => {
    forget();
    [print, isSwap, awaited] = ["", false, of];
  };
  scope.benchSwap = () => {
    forget();
    isSwap = true;
  };

  /** A print of what is on the canvas; nothing where it is one plain surface. */
  function printOf(canvas: HTMLCanvasElement): string | undefined {
    if (canvas.width === 0 || !context) return undefined;
    const { width, height } = canvas;
    context.clearRect(0, 0, 64, 96);
    context.drawImage(canvas, 0, 0, 32, 32);
    context.drawImage(canvas, width / 2 - 32, height / 2 - 32, 64, 64, 0, 32, 64, 64);
    const { data } = context.getImageData(0, 0, 64, 96);
    let [least, most, text] = [255, 0, ""];
    for (let at = 0; at < data.length; at += 4) {
      const value = data[at] ?? 0;
      least = Math.min(least, value);
      most = Math.max(most, value);
      text += String.fromCharCode(value);
    }
    return most - least > 16 ? text : undefined;
  }
  function printNow(): string | undefined {
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>(selector)) {
      const text = printOf(canvas);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  function look(): void {
    requestAnimationFrame(look);
    const isFirst = seen.fullMs === undefined;
    if (!isFirst && !isDrawn) return;
    isDrawn = false;
    const next = printNow();
    if (next === undefined) return;
    if (isSwap && seen.firstMs === undefined && next === print) return;
    const now = performance.now();
    seen.firstMs ??= now;
    if (isFirst && document.querySelector(full)) seen.fullMs = now;
    if (next === print) return;
    print = next;
    seen.changes += 1;
    seen.changedMs ??= now;
  }
  requestAnimationFrame(look);
  // It doesn't rise through the tree, but it goes down through it.
  document.addEventListener("CORNERSTONE_IMAGE_RENDERED", () => (isDrawn = true), true);
  document.addEventListener("click", () => (seen.clickedMs = performance.now()), true);
  document.addEventListener(
    "keydown",
    () => Object.assign(seen, { keyMs: performance.now(), changedMs: undefined }),
    true,
  );
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      seen.longTasks.push({ at: startTime, ms: duration });
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => {
    for (const { name, duration, startTime } of list.getEntries()) {
      const [address = ""] = name.split("?");
      // The frames of a pack are ranges of one address; another's come twice where they were asked for twice.
      const frame = address.includes("/packs/") ? `${address} ${startTime}` : address;
      if (!isFrame.test(address) || !address.includes(awaited) || known.has(frame)) continue;
      known.add(frame);
      seen.frames = known.size;
      seen.firstFrameMs ||= startTime;
      seen.lastFrameMs = Math.max(seen.lastFrameMs, startTime + duration);
    }
  }).observe({ type: "resource", buffered: true });
}
