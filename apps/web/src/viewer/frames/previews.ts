import type { ByteSpan } from "../contract.ts";
import { collectRange, openRange } from "./read-packed.ts";
import { keepReduced } from "./reduced.ts";
import { acquired, type Frame, type Registered } from "./registry.ts";

/** One request brings the lowest resolutions of so many bytes of frames. */
const MOST_RANGE = 512 * 1024;
/** A frame that the reader goes to meanwhile has its part of the line, and of the few connections that a browser has to one store. */
const AT_ONCE = 2;

type Previewed = { frame: Registered; span: ByteSpan; level: number };
type Run = { packId: string; offset: number; length: number; all: Previewed[] };

/** Frames whose previews lie beside each other, by as few ranges as may be. */
export function runsOf(frames: readonly Registered[]): Run[] {
  const runs: Run[] = [];
  const previewed = frames.flatMap((frame): Previewed[] => {
    const { preview, ends = [] } = frame.packed ?? {};
    return preview ? [{ frame, span: preview, level: ends.length - 1 }] : [];
  });
  for (const one of previewed) {
    const { span, frame } = one;
    const packId = frame.packed?.packId ?? "";
    const last = runs.at(-1);
    const isNext = last?.packId === packId && last.offset + last.length === span.offset;
    if (last && isNext && last.length + span.length <= MOST_RANGE) {
      last.length += span.length;
      last.all.push(one);
    } else runs.push({ packId, offset: span.offset, length: span.length, all: [one] });
  }
  return runs;
}

async function read(run: Run): Promise<void> {
  const packs = run.all[0]?.frame.book.packs;
  if (!packs) return;
  const body = await openRange(packs, run.packId, run, new AbortController().signal);
  const bytes = await collectRange(body, run.length);
  for (const { frame, span, level } of run.all) {
    const from = span.offset - run.offset;
    keepReduced(frame.imageId, { bytes: bytes.slice(from, from + span.length), level, packId: run.packId });
  }
}

const begun = new WeakMap<readonly Frame[], Promise<void>>();

export const hasPreviews = (stack: readonly Frame[]): boolean =>
  stack.some(({ packed }) => packed?.preview !== undefined);

/** The run in which the reader is, then those beside it. */
function outward(runs: readonly Run[], imageId: string | undefined): Run[] {
  const here = runs.findIndex(({ all }) => all.some(({ frame }) => frame.imageId === imageId));
  const distance = (run: Run) => Math.abs(runs.indexOf(run) - Math.max(0, here));
  return runs.toSorted((a, b) => distance(a) - distance(b));
}

/**
 * The lowest resolution of every frame of a large series, by a few ranges, before its full frames: a scroll over what isn't there yet
 * shows something. What can't be had so is no loss.
 *
 * @param at - where the reader is: what lies there comes first
 */
export function previewsOf(stack: readonly Frame[], at: number): Promise<void> {
  const known = begun.get(stack);
  if (known !== undefined) return known;
  const runs = runsOf(stack.flatMap(({ imageId }) => acquired(imageId) ?? []));
  const left = outward(runs, stack[at]?.imageId);
  async function lane(): Promise<void> {
    for (let run = left.shift(); run; run = left.shift()) await read(run).catch(() => {});
  }
  const all = Promise.all(Array.from({ length: AT_ONCE }, lane)).then(() => {});
  begun.set(stack, all);
  return all;
}
