import { cache, Enums, imageLoader, type RenderingEngine, type Types, utilities } from "@cornerstonejs/core";
import {
  annotation,
  LengthTool,
  PanTool,
  Enums as ToolEnums,
  ToolGroupManager,
  WindowLevelTool,
  ZoomTool,
} from "@cornerstonejs/tools";
import { prefetchOrder } from "../frames/prefetch.ts";
import { type Frame, registered } from "../frames/registry.ts";
import type { Window } from "../marks/windows.ts";
import { lengthBetween, type Point } from "../measure/spacing.ts";
import type { LookupTable } from "../pixels/lookup-table.ts";
import { prefetcher, resizeSoon } from "./engine.ts";
import { stackLook } from "./stack-look.ts";

export type ToolName = "window" | "pan" | "zoom" | "length";
/** What is on the screen, told whenever it changes. */
export type Shown = {
  index: number;
  state: "loading" | "ready" | "failed";
  /** The picture on the canvas. What stands beside it is of this one, or nothing is shown. */
  imageId?: string | undefined;
  why?: string | undefined;
  window?: { center: number; width: number; table: LookupTable | undefined } | undefined;
  isInverted: boolean;
  /** Canvas pixels a picture pixel, and where the picture's first pixel lies. */
  placed?: { scale: number; left: number; top: number } | undefined;
};

const TOOL_NAMES: Record<ToolName, string> = {
  window: WindowLevelTool.toolName,
  pan: PanTool.toolName,
  zoom: ZoomTool.toolName,
  length: LengthTool.toolName,
};
const MOST_AHEAD = 800;

type Points = { handles: { points: Types.Point3[] } };

/** The text beside a length: from our own scale, never from the library's. */
function lengthLines(data: Points, targetId: string): string[] {
  const imageId = targetId.replace(/^imageId:/, "");
  const frame = registered(imageId);
  const [a, b] = data.handles.points.map((world): Point | undefined => {
    const place = utilities.worldToImageCoords(imageId, world);
    return place ? { column: place[0] ?? 0, row: place[1] ?? 0 } : undefined;
  });
  if (!frame || !a || !b) return [];
  return [lengthBetween(frame.instance.header, frame.frame, a, b).text];
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : "This image could not be loaded. Scroll on, or try it again.";

/** One viewport with one stack. React tells it what to do; it tells React what is shown. */
export function createStackController(
  engine: RenderingEngine,
  element: HTMLDivElement,
  id: string,
  onShown: (shown: Shown) => void,
) {
  engine.enableElement({
    viewportId: id,
    element,
    type: Enums.ViewportType.STACK,
    defaultOptions: { background: [0, 0, 0] },
  });
  const viewport = engine.getViewport(id) as Types.IStackViewport;
  const tools = ToolGroupManager.createToolGroup(`tools-${id}`);
  if (!tools) throw new Error("a tool group of this name exists");
  const { MouseBindings } = ToolEnums;
  for (const name of Object.values(TOOL_NAMES))
    tools.addTool(name, name === LengthTool.toolName ? { getTextLines: lengthLines } : {});
  tools.addViewport(id, engine.id);

  let frames: readonly Frame[] = [];
  let shown: Shown = { index: 0, state: "loading", isInverted: false };
  let generation = 0;
  /** Where the reader is on the way to: several turns of a wheel come before the first picture. */
  let wanted = 0;
  /** False while a stack is being put in: what is drawn then has the last stack's window. */
  let isSettled = true;
  let primary: ToolName = "window";

  function tell(more: Partial<Shown>): void {
    shown = { ...shown, ...more, imageId: viewport.getCurrentImageId() };
    onShown(shown);
  }

  function setTool(name: ToolName): void {
    for (const tool of Object.values(TOOL_NAMES)) tools?.setToolPassive(tool, { removeAllBindings: true });
    const extra = {
      pan: [{ mouseButton: MouseBindings.Auxiliary }],
      zoom: [{ mouseButton: MouseBindings.Secondary }, { numTouchPoints: 2 }],
    };
    tools?.setToolActive(TOOL_NAMES.pan, { bindings: extra.pan });
    tools?.setToolActive(TOOL_NAMES.zoom, { bindings: extra.zoom });
    const bound = name === "pan" ? extra.pan : name === "zoom" ? extra.zoom : [];
    tools?.setToolActive(TOOL_NAMES[name], { bindings: [{ mouseButton: MouseBindings.Primary }, ...bound] });
    primary = name;
  }

  const look = stackLook(viewport);

  function windowNow(): Shown["window"] {
    const { voiRange } = viewport.getProperties();
    if (!voiRange) return undefined;
    const { windowCenter, windowWidth } = utilities.windowLevel.toWindowLevel(voiRange.lower, voiRange.upper);
    return { center: windowCenter, width: windowWidth, table: look.curve() };
  }

  function placedNow(): Shown["placed"] {
    const imageId = viewport.getCurrentImageId();
    if (!imageId) return undefined;
    const [origin, along] = [
      utilities.imageToWorldCoords(imageId, [0, 0]),
      utilities.imageToWorldCoords(imageId, [1, 0]),
    ];
    if (!origin || !along) return undefined;
    const [from, to] = [viewport.worldToCanvas(origin), viewport.worldToCanvas(along)];
    return { scale: Math.hypot(to[0] - from[0], to[1] - from[1]), left: from[0], top: from[1] };
  }

  const isWhole = () => {
    const imageId = viewport.getCurrentImageId();
    return imageId !== undefined && cache.getImage(imageId) !== undefined;
  };

  function onRendered(): void {
    const index = viewport.getCurrentImageIdIndex();
    if (!isSettled || index !== wanted) return;
    tell({
      index,
      why: undefined,
      state: isWhole() ? "ready" : "loading",
      window: windowNow(),
      placed: placedNow(),
      isInverted: look.isTurned(),
    });
  }

  function onNewImage(): void {
    if (isSettled) look.apply();
    prefetch();
  }

  /** Outward from the current image; a new place or a new stack begins anew. */
  function prefetch(): void {
    const order = prefetchOrder(viewport.getCurrentImageIdIndex(), frames.length).slice(0, MOST_AHEAD);
    const stack = frames;
    prefetcher.plan(id, {
      next() {
        for (let at = order.shift(); at !== undefined; at = order.shift()) {
          const imageId = stack[at]?.imageId;
          if (imageId && !cache.getImageLoadObject(imageId)) return imageId;
        }
        return undefined;
      },
    });
  }

  const observer = new ResizeObserver(() => {
    resizeSoon(engine);
  });
  observer.observe(element);
  element.addEventListener(Enums.Events.IMAGE_RENDERED, onRendered);
  element.addEventListener(Enums.Events.STACK_NEW_IMAGE, onNewImage);
  const keepLeft = (event: Event) => event.preventDefault();
  element.addEventListener("contextmenu", keepLeft);
  setTool("window");

  async function goTo(index: number): Promise<void> {
    const target = Math.max(0, Math.min(frames.length - 1, index));
    const [here, imageId] = [generation, frames[target]?.imageId];
    if (!imageId) return;
    wanted = target;
    const isWanted = () => here === generation && wanted === target;
    // What is here already comes with its picture: its number never stands beside another one.
    if (cache.getImage(imageId) === undefined) tell({ index: target, state: "loading", why: undefined });
    try {
      // Asked for by itself first, so that a failure is known with its reason.
      await imageLoader.loadAndCacheImage(imageId);
      if (!isWanted()) return;
      await viewport.setImageIdIndex(target);
      // Ready is told when it is drawn; one that never left the canvas is drawn again, or nobody would tell.
      if (isWanted()) viewport.render();
    } catch (error) {
      if (isWanted()) tell({ index: target, state: "failed", why: messageOf(error) });
    }
  }

  return {
    async show(stack: readonly Frame[], index: number): Promise<void> {
      generation += 1;
      const here = generation;
      frames = stack;
      wanted = index;
      isSettled = false;
      tell({
        index,
        state: "loading",
        why: undefined,
        window: undefined,
        placed: undefined,
        isInverted: false,
      });
      const first = stack[index];
      if (!first) return;
      try {
        // Asked for by itself first, so that a failure is known with its reason.
        await imageLoader.loadAndCacheImage(first.imageId);
        if (here !== generation) return;
        await viewport.setStack(
          stack.map(({ imageId }) => imageId),
          index,
        );
        if (here !== generation) return;
        look.reset();
        viewport.resetCamera();
        isSettled = true;
        viewport.render();
        prefetch();
      } catch (error) {
        if (here === generation) tell({ state: "failed", why: messageOf(error) });
      }
    },
    goTo,
    scrollBy: (by: number) => goTo(wanted + by),
    setTool,
    tool: () => primary,
    setWindow(window: Window): void {
      look.setWindow(window);
      viewport.render();
    },
    invert(): void {
      look.turn();
      viewport.render();
    },
    zoomBy(factor: number): void {
      viewport.setZoom(viewport.getZoom() * factor);
      viewport.render();
    },
    fit(): void {
      viewport.resetCamera();
      viewport.render();
    },
    reset(): void {
      look.reset();
      viewport.resetCamera();
      viewport.render();
    },
    clearLengths(): void {
      annotation.state.removeAllAnnotations();
      viewport.render();
    },
    isCached: (imageId: string): boolean => cache.getImage(imageId) !== undefined,
    /** The one that keys act on: its images are fetched ahead of the others'. */
    activate: (): void => prefetcher.activate(id),
    destroy(): void {
      generation += 1;
      prefetcher.forget(id);
      observer.disconnect();
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, onRendered);
      element.removeEventListener(Enums.Events.STACK_NEW_IMAGE, onNewImage);
      element.removeEventListener("contextmenu", keepLeft);
      ToolGroupManager.destroyToolGroup(`tools-${id}`);
      engine.disableElement(id);
    },
  };
}
export type StackController = ReturnType<typeof createStackController>;
