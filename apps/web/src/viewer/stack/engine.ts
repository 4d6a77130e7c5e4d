import { cache, imageLoader, init as initCore, RenderingEngine } from "@cornerstonejs/core";
import { init as initLoader } from "@cornerstonejs/dicom-image-loader";
import {
  addTool,
  init as initTools,
  LengthTool,
  PanTool,
  WindowLevelTool,
  ZoomTool,
} from "@cornerstonejs/tools";
import { loadWealdImage } from "../frames/image-loader.ts";
import { SCHEME } from "../frames/registry.ts";

const CACHE_BYTES = 1.5 * 1024 ** 3;
let started: Promise<RenderingEngine> | undefined;

function hasWebGl(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

async function start(): Promise<RenderingEngine> {
  await initCore({ rendering: { useCPURendering: !hasWebGl() }, debug: {} });
  initLoader({ maxWebWorkers: Math.max(1, Math.min(4, (navigator.hardwareConcurrency ?? 2) - 1)) });
  imageLoader.registerImageLoader(SCHEME, loadWealdImage as never);
  await initTools();
  for (const tool of [WindowLevelTool, PanTool, ZoomTool, LengthTool]) addTool(tool);
  cache.setMaxCacheSize(CACHE_BYTES);
  return new RenderingEngine("weald");
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
