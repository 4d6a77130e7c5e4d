import { decodedBytes, prefetchOrder } from "../../frames/prefetch.ts";
import { readFrame } from "../../frames/read-frame.ts";
import { acquired, type Frame } from "../../frames/registry.ts";
import { latestOnly } from "../../stack/latest.ts";
import type { View } from "../../stack/stack-controller.ts";
import { PHONE_CEILING } from "../ceiling.ts";
import type { LookedAt, PictureController } from "../looked-at.ts";
import { drawnOf, greysOf, type Plain, plainOf, valuesOf } from "./plain.ts";

export type PlainShown = Pick<LookedAt, "index" | "state" | "scale">;
type Values = ArrayLike<number>;

const WHOLE: View = { zoom: 1, x: 0, y: 0 };
/** As many are fetched ahead at once. */
const AHEAD_AT_ONCE = 2;

/** Stored values by image, the least recently seen first to go. */
function valuesWithin(mostBytes: number, bytesEach: number) {
  const most = Math.max(1, Math.floor(mostBytes / bytesEach));
  const kept = new Map<string, Values>();
  return {
    get(imageId: string): Values | undefined {
      const found = kept.get(imageId);
      if (!found) return undefined;
      kept.delete(imageId);
      kept.set(imageId, found);
      return found;
    },
    has: (imageId: string) => kept.has(imageId),
    keep(imageId: string, values: Values): void {
      kept.set(imageId, values);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
    },
  };
}

/**
 * A series of plain pictures on a canvas, without the engine: what a patient looks at needs a line, a window and two fingers. It
 * gives its greys as the engine does (PS3.3 §C.11.2.1.2).
 *
 * @param frames - all plain
 * @param onLost - the one at this place could not be read: whoever draws otherwise may try
 */
export function createPlainStack(
  element: HTMLDivElement,
  frames: readonly Frame[],
  onShown: (shown: PlainShown) => void,
  onLost: (index: number) => void,
) {
  const canvas = element.ownerDocument.createElement("canvas");
  Object.assign(canvas.style, { position: "absolute", left: "0", top: "0", transformOrigin: "0 0" });
  element.append(canvas);
  const abort = new AbortController();
  const loads = latestOnly();
  const bytesEach = decodedBytes(frames[0]?.instance.header ?? {});
  const kept = valuesWithin(PHONE_CEILING.cacheBytes - PHONE_CEILING.roomBytes, bytesEach);
  const reading = new Map<string, Promise<Values>>();
  const greys = new Map<string, Uint8ClampedArray>();
  let wanted = 0;
  let drawn: Plain | undefined;
  let view = WHOLE;
  let shown: PlainShown = { index: 0, state: "loading", scale: undefined };

  function tell(more: Partial<PlainShown>): void {
    shown = { ...shown, ...more };
    if (!abort.signal.aborted) onShown(shown);
  }

  async function readNew(frame: Frame): Promise<Values> {
    const [found, plain] = [acquired(frame.imageId), plainOf(frame)];
    if (!found || !plain) throw new Error("This image is not part of what is open.");
    const bytes = await readFrame(found.book, frame.instance, frame.locator, abort.signal);
    const values = valuesOf(bytes, frame, plain);
    kept.keep(frame.imageId, values);
    return values;
  }

  /** One reading for all who wait for the same picture. */
  async function read(frame: Frame): Promise<Values> {
    const known = kept.get(frame.imageId);
    if (known) return known;
    const underWay = reading.get(frame.imageId);
    if (underWay !== undefined) return underWay;
    const begun = readNew(frame).finally(() => reading.delete(frame.imageId));
    reading.set(frame.imageId, begun);
    return begun;
  }

  function greysFor(plain: Plain): Uint8ClampedArray {
    const { slope, intercept, window, how, isWhiteFirst, isSigned, bytes } = plain;
    const key = [slope, intercept, window.center, window.width, how, isWhiteFirst, isSigned, bytes].join();
    const made = greys.get(key) ?? greysOf(plain);
    greys.set(key, made);
    return made;
  }

  /** Fitted, then as fingers have moved it. @returns canvas pixels a picture pixel */
  function place(): number | undefined {
    const { clientWidth, clientHeight } = element;
    if (!drawn || clientWidth * clientHeight === 0) return undefined;
    const { columns, rows, aspect } = drawn;
    const fitted = Math.min(clientWidth / (columns * aspect), clientHeight / rows);
    const [down, along] = [fitted * view.zoom, fitted * aspect * view.zoom];
    const left = clientWidth / 2 - (columns * along) / 2 + view.x * clientHeight;
    const top = clientHeight / 2 - (rows * down) / 2 + view.y * clientHeight;
    canvas.style.transform = `matrix(${along}, 0, 0, ${down}, ${left}, ${top})`;
    return along;
  }

  function draw(index: number, values: Values): void {
    const plain = frames[index] && plainOf(frames[index]);
    if (!plain) return;
    Object.assign(canvas, { width: plain.columns, height: plain.rows });
    canvas.getContext("2d")?.putImageData(drawnOf(values, greysFor(plain), plain), 0, 0);
    drawn = plain;
    tell({ index, state: "ready", scale: place() });
  }

  let isFetchingAhead = false;
  /** Around where they are, and no further than a telephone may hold. */
  async function fetchAhead(): Promise<void> {
    if (isFetchingAhead) return;
    isFetchingAhead = true;
    const most = Math.floor(PHONE_CEILING.aheadBytes / bytesEach);
    const next = () =>
      prefetchOrder(wanted, frames.length)
        .slice(0, most)
        .flatMap((at) => frames[at] ?? [])
        .find(({ imageId }) => !kept.has(imageId) && !reading.has(imageId));
    async function go(): Promise<void> {
      for (let frame = next(); frame && !abort.signal.aborted; frame = next()) await read(frame);
    }
    // What can't be had ahead says so when it is looked at.
    await Promise.allSettled(Array.from({ length: AHEAD_AT_ONCE }, go));
    isFetchingAhead = false;
  }

  async function goTo(asked: number): Promise<void> {
    const index = Math.max(0, Math.min(frames.length - 1, asked));
    const frame = frames[index];
    if (!frame || abort.signal.aborted) return;
    wanted = index;
    const isWanted = () => wanted === index && !abort.signal.aborted;
    if (!kept.has(frame.imageId)) tell({ index, state: "loading" });
    try {
      const values = await loads.load(() => read(frame), isWanted);
      if (!values || !isWanted()) return;
      draw(index, values);
      void fetchAhead();
    } catch {
      if (!isWanted()) return;
      tell({ index, state: "failed" });
      onLost(index);
    }
  }

  const observer = new ResizeObserver(() => tell({ scale: place() }));
  observer.observe(element);

  const controller: PictureController = {
    goTo,
    scrollBy: (by) => goTo(wanted + by),
    view: () => view,
    setView(next) {
      view = next;
      tell({ scale: place() });
    },
    isCached: (imageId) => kept.has(imageId),
  };
  return {
    controller,
    destroy(): void {
      abort.abort();
      observer.disconnect();
      canvas.remove();
    },
  };
}
