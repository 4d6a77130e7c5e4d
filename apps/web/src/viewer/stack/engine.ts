import {
  cache,
  Enums,
  eventTarget,
  imageLoader,
  init as initCore,
  RenderingEngine,
  setUseCPURendering,
} from "@cornerstonejs/core";
import { init as initLoader } from "@cornerstonejs/dicom-image-loader";
import { loadWealdImage } from "../frames/image-loader.ts";
import { SCHEME } from "../frames/registry.ts";
import { budget } from "./budget.ts";
import { fitPool } from "./context-pool.ts";
import { answerFailures } from "./known-failures.ts";
import { createPrefetcher } from "./prefetcher.ts";

let started: Promise<RenderingEngine> | undefined;

/** One for the page: sixteen viewports ask for no more at once than one. */
export const prefetcher = createPrefetcher(
  (imageId) => imageLoader.loadAndCacheImage(imageId),
  () => cache.getBytesAvailable() > budget().roomBytes,
);

const afterResize = new Set<() => void>();
let isResizeDue = false;
/**
 * Once a turn of the screen, however many viewports a new grid has; then what each has to do about it. That waits for one more
 * turn: the library reckons places by the size in which a canvas was drawn last, so until then a picture would be put to where
 * the edge was.
 */
export function resizeSoon(running: RenderingEngine, then: () => void): void {
  afterResize.add(then);
  if (isResizeDue) return;
  isResizeDue = true;
  requestAnimationFrame(() => {
    isResizeDue = false;
    const all = [...afterResize];
    afterResize.clear();
    running.resize(true, true);
    // What it has to draw is asked for by now: it is drawn first.
    requestAnimationFrame(() => {
      for (const one of all) one();
    });
  });
}

function hasWebGl(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

/** Of the graphics card. All viewports draw through one: each takes a start of its own, and seven are the library's habit. */
const CONTEXTS = 1;

async function start(): Promise<RenderingEngine> {
  await initCore({ rendering: { useCPURendering: !hasWebGl(), webGlContextCount: CONTEXTS }, debug: {} });
  initLoader({ maxWebWorkers: Math.max(1, Math.min(4, (navigator.hardwareConcurrency ?? 2) - 1)) });
  imageLoader.registerImageLoader(SCHEME, loadWealdImage as never);
  cache.setMaxCacheSize(budget().cacheBytes);
  answerFailures(cache as never);
  eventTarget.addEventListener(Enums.Events.WEBGL_CONTEXT_LOST, onContextLost);
  return new RenderingEngine(nameOf(made));
}

/** How many engines there were: one, and one more for each loss. */
let made = 1;
const nameOf = (number: number) => `weald-${number}`;

const losses = new Set<() => void>();
/** Told when the graphics card let go of all that was on it, before a new engine is made: what was drawn is drawn anew on that one. */
export function onLoss(then: () => void): () => void {
  losses.add(then);
  return () => losses.delete(then);
}

/** A driver that was reset, a laptop that slept: what the library keeps on the card is gone, so it starts with nothing there. */
function onContextLost(event: { detail?: { renderingEngineId?: string } }): void {
  const lost = started;
  // Each of its contexts says so.
  if (!lost || event.detail?.renderingEngineId !== nameOf(made)) return;
  made += 1;
  const name = nameOf(made);
  started = lost.then((old) => {
    for (const tell of losses) tell();
    old.destroy();
    // The card may not be had again: without one it draws on the CPU.
    setUseCPURendering(!hasWebGl());
    return new RenderingEngine(name);
  });
}

/** A viewport goes; those that are left are drawn where they stand. */
export function letGo(running: RenderingEngine, viewportId: string): void {
  running.disableElement(viewportId);
  fitPool(running);
}

/** Cornerstone, started once in the life of a page. Without WebGL 2 it draws on the CPU. */
export function engine(): Promise<RenderingEngine> {
  started ??= start();
  return started;
}

/** Lets go of every image that was read: what was shown is no longer what is served. */
export function dropImages(): void {
  if (started) cache.purgeCache();
}
