import { cache, Enums, imageLoader, type RenderingEngine, type Types, utilities } from "@cornerstonejs/core";
import { type Look, lookAs, lookOf } from "../annotations/look.ts";
import { decodedBytes, prefetchOrder } from "../frames/prefetch.ts";
import { hasPreviews, previewsOf } from "../frames/previews.ts";
import type { Frame } from "../frames/registry.ts";
import { number } from "../header.ts";
import type { Window } from "../marks/windows.ts";
import { worldAt } from "../measure/image-coords.ts";
import { scaleFor } from "../measure/spacing.ts";
import type { LookupTable } from "../pixels/lookup-table.ts";
import { budget } from "./budget.ts";
import { letGo, prefetcher, resizeSoon } from "./engine.ts";
import { fetchOutward } from "./fetch-outward.ts";
import { latestOnly } from "./latest.ts";
import { AS_SENT, isSameTurn, type Placed, placedBy } from "./placed.ts";
import { stackLook } from "./stack-look.ts";
import { boxOf, mayTurn, type Presenting, type Stance, stanceKey, turnCamera, uprightOf } from "./stance.ts";
import type { Tooling, ToolName } from "./tooling.ts";

/** A window that was set, by whatever name. */
export type SetWindow = Omit<Window, "name">;
/** Zoom and pan, as parts of what the picture was fitted to: it means the same in a viewport of another size. */
export type View = { zoom: number; x: number; y: number };
export type Start = {
  window?: SetWindow | undefined;
  view?: View | undefined;
  /** Black for white, by the reader. */
  isTurned?: boolean | undefined;
};
/** What is on the screen, told whenever it changes. */
export type Shown = {
  index: number;
  /** Rises with each stack that is put in: what was asked of the last one has to be asked again. */
  stack?: number | undefined;
  state: "loading" | "ready" | "failed";
  /** It went to the edge at which it is to stand. */
  isAtEdge?: boolean | undefined;
  /** The picture on the canvas. What stands beside it is of this one, or nothing is shown. */
  imageId?: string | undefined;
  why?: string | undefined;
  window?: { center: number; width: number; table: LookupTable | undefined } | undefined;
  isInverted: boolean;
  /** Millimetres a canvas pixel at which the whole picture fits; undefined where its pixels have no size. */
  fitMm?: number | undefined;
  /** Where the picture lies, and how it stands. */
  placed?: Placed | undefined;
};

const WHOLE: View = { zoom: 1, x: 0, y: 0 };
/** The image ahead and the one behind. */
const NEAREST = 2;
const PRESSES = ["mousedown", "touchstart"] as const;

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : "This image could not be loaded. Scroll on, or try it again.";

/**
 * One viewport with one stack. React tells it what to do; it tells React what is shown.
 *
 * @param tooling - begun already; none where pictures are only looked at
 */
export function createStackController(
  engine: RenderingEngine,
  element: HTMLDivElement,
  id: string,
  onShown: (shown: Shown) => void,
  tooling?: Tooling,
) {
  engine.enableElement({
    viewportId: id,
    element,
    type: Enums.ViewportType.STACK,
    defaultOptions: { background: [0, 0, 0] },
  });
  const viewport = engine.getViewport(id) as Types.IStackViewport;
  const held = tooling?.on(id, engine.id);

  let frames: readonly Frame[] = [];
  let shown: Shown = { index: 0, state: "loading", isInverted: false };
  let generation = 0;
  /** Where the reader is on the way to: several turns of a wheel come before the first picture. */
  let wanted = 0;
  const loads = latestOnly();
  /** False while a stack is being put in: what is drawn then has the last stack's window. */
  let isSettled = false;
  /** The viewport has another size than its canvas, for a turn of the screen. */
  let isResizing = false;
  /** To what zoom and pan are relative: the fitted picture, or one that stands at an edge. */
  let base: { zoom: number; pan: readonly [number, number] } = { zoom: 1, pan: [0, 0] };
  let standing: { edge: "left" | "right"; mm: number } | undefined;
  /** How each picture is to stand, as long as somebody's way to show it is put on. */
  let presenting: Presenting | undefined;
  let stance: Stance | undefined;
  let isTurned = false;
  /** Where the reader was before a picture was shown as somebody presented it. */
  let before: View | undefined;
  /** Where they are, or were before the viewport took another size, or are to be once a stack is put in. */
  let latest: View = WHOLE;
  /** How the stack began that is there, or is being put in. */
  let begun: Start = {};
  /** A window that was asked for while a stack was being put in. */
  let waiting: SetWindow | undefined;

  /** The picture that is drawn. The library counts on to the next one while that is still on its way. */
  const drawnId = () => viewport.getCornerstoneImage()?.imageId;

  function tell(more: Partial<Shown>): void {
    shown = { ...shown, ...more, stack: generation, isAtEdge: standing !== undefined, imageId: drawnId() };
    onShown(shown);
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
    if (!imageId || isResizing) return undefined;
    const at = (column: number, row: number) => viewport.worldToCanvas(worldAt(imageId, { column, row }));
    return placedBy(at(0, 0), at(1, 0), at(0, 1));
  }

  /** The size of a picture and of its pixels in the patient, as far as it says so. */
  function sizeNow() {
    const frame = frames[viewport.getCurrentImageIdIndex()];
    if (!frame) return undefined;
    const { header } = frame.instance;
    const scale = scaleFor(header, frame.frame, { column: 0, row: 0 }, { column: 1, row: 1 });
    const [rows, columns] = [number(header, "00280010") ?? 0, number(header, "00280011") ?? 0];
    return scale.kind === "none" || rows * columns === 0 ? undefined : { ...scale, rows, columns };
  }

  function fitMmNow(): number | undefined {
    const size = sizeNow();
    if (!size || element.clientWidth * element.clientHeight === 0) return undefined;
    const { columns, rows, columnMm, rowMm } = size;
    return Math.max((columns * columnMm) / element.clientWidth, (rows * rowMm) / element.clientHeight);
  }

  const isWhole = () => {
    const imageId = viewport.getCurrentImageId();
    return imageId !== undefined && cache.getImage(imageId) !== undefined;
  };

  function onRendered(): void {
    if (!isSettled || drawnId() !== frames[wanted]?.imageId) return;
    // In another size than the picture was fitted to, what the camera says of zoom and pan means something else.
    if (!isResizing) latest = viewNow();
    tell({
      index: wanted,
      why: undefined,
      state: isWhole() ? "ready" : "loading",
      window: windowNow(),
      placed: placedNow(),
      fitMm: fitMmNow(),
      isInverted: look.isTurned(),
    });
  }

  function onNewImage(): void {
    if (isSettled) {
      standAsPresented(true);
      look.apply();
    }
    prefetch();
  }

  function viewNow(): View {
    const [zoom, [x, y]] = [viewport.getZoom() / base.zoom, viewport.getPan()];
    const { clientHeight } = element;
    if (clientHeight === 0) return { zoom: 1, x: 0, y: 0 };
    return { zoom, x: (x - base.pan[0] * zoom) / clientHeight, y: (y - base.pan[1] * zoom) / clientHeight };
  }

  function applyView({ zoom, x, y }: View): void {
    const { clientHeight } = element;
    viewport.setZoom(base.zoom * zoom);
    viewport.setPan([base.pan[0] * zoom + x * clientHeight, base.pan[1] * zoom + y * clientHeight]);
  }

  const uprightNow = () => uprightOf(viewport.getCurrentImageId());

  function fitNow(): void {
    // The library's reset keeps which side of the picture it looks at.
    if (isTurned) turnCamera(viewport, uprightNow(), AS_SENT);
    isTurned = false;
    viewport.resetCamera();
    base = { zoom: 1, pan: [0, 0] };
  }

  /** Turned, and its part in the middle, as large as it can be or as was asked for. */
  function stand({ turn, part, magnified }: Stance): void {
    const { header } = frames[viewport.getCurrentImageIdIndex()]?.instance ?? { header: {} };
    const whole = {
      ...{ left: 0, top: 0 },
      ...{ right: number(header, "00280011") ?? 0, bottom: number(header, "00280010") ?? 0 },
    };
    if (!isSameTurn(turn, AS_SENT) && mayTurn(viewport)) {
      isTurned = true;
      turnCamera(viewport, uprightNow(), turn);
    }
    const placed = placedNow();
    const { clientWidth, clientHeight } = element;
    const box = placed && boxOf(placed, part ?? whole);
    if (!box || box.width * box.height * clientWidth * clientHeight === 0) return;
    const fitted = Math.min(clientWidth / box.width, clientHeight / box.height);
    const asAsked = magnified && magnified / (window.devicePixelRatio || 1) / placed.scale;
    viewport.setZoom(viewport.getZoom() * (asAsked ?? fitted));
    const after = placedNow();
    const laid = after && boxOf(after, part ?? whole);
    if (!laid) return;
    const [x, y] = viewport.getPan();
    viewport.setPan([
      x + clientWidth / 2 - (laid.x + laid.width / 2),
      y + clientHeight / 2 - (laid.y + laid.height / 2),
    ]);
    base = { zoom: viewport.getZoom(), pan: [...viewport.getPan()] };
  }

  function presentedNow() {
    const frame = frames[viewport.getCurrentImageIdIndex()];
    return frame && presenting?.(frame);
  }

  /**
   * The picture on the canvas stands as it was presented, or as it was sent: before it is drawn, so that none is seen the
   * other way round.
   *
   * @param isNew - another picture than before: the library has put the camera before it anew
   */
  function standAsPresented(isNew: boolean): void {
    const presented = presentedNow();
    look.setShades(presented?.isInverse);
    const next = presented?.stance;
    const isSame = stanceKey(next) === stanceKey(stance);
    if (isSame && (!isNew || !next)) return;
    if (!stance) before = latest;
    const view = isSame ? latest : next ? WHOLE : (before ?? WHOLE);
    stance = next;
    standNow();
    applyView(view);
  }

  /** At its edge, at its scale; or as it was presented: what a picture is reset to. */
  function standNow(): void {
    fitNow();
    if (stance) {
      stand(stance);
      return;
    }
    const [size, before] = [sizeNow(), placedNow()];
    if (!standing || !size || !before) return;
    viewport.setZoom(viewport.getZoom() * (size.columnMm / standing.mm / before.scale));
    const after = placedNow();
    if (!after) return;
    const right = after.left + size.columns * after.scale;
    const gap = standing.edge === "left" ? -after.left : element.clientWidth - right;
    const [x, y] = viewport.getPan();
    viewport.setPan([x + gap, y]);
    base = { zoom: viewport.getZoom(), pan: [x + gap, y] };
  }

  /** A new place or a new stack begins anew. */
  function prefetch(): void {
    const stack = frames;
    void fetchOutward({
      isLeft: () => isGone || stack !== frames,
      hasPreviews: previewed !== stack && hasPreviews(stack),
      nearest: () => plan(NEAREST),
      async previews() {
        await previewsOf(stack, viewport.getCurrentImageIdIndex());
        if (stack === frames) previewed = stack;
      },
      rest: () => plan(Number.POSITIVE_INFINITY),
    });
  }

  /** Outward from the current image, so many. */
  function plan(count: number): Promise<void> {
    const [stack, here] = [frames, viewport.getCurrentImageIdIndex()];
    const most = Math.floor(budget().aheadBytes / decodedBytes(stack[here]?.instance.header ?? {}));
    const order = prefetchOrder(here, stack.length).slice(0, Math.min(count, most));
    return prefetcher.plan(id, {
      next() {
        for (let at = order.shift(); at !== undefined; at = order.shift()) {
          const imageId = stack[at]?.imageId;
          if (imageId && !cache.getImageLoadObject(imageId)) return imageId;
        }
        return undefined;
      },
    });
  }

  let isGone = false;
  /** The stack of which the lowest resolutions are here. */
  let previewed: readonly Frame[] | undefined;
  function standAgain(): void {
    if (isGone || !standing) return;
    standNow();
    applyView(latest);
    viewport.render();
  }
  function onResized(): void {
    isResizing = false;
    if (isGone) return;
    // Fitted anew; how far the reader went from there stays.
    if (isSettled) {
      standNow();
      applyView(latest);
    }
    // Also where the size was right already: only what is drawn tells its place. Without a picture there is none.
    if (drawnId() !== undefined) viewport.render();
  }

  // Of the window in which it stands: another's hears of it only when that one is drawn.
  const { ResizeObserver: Observer } = element.ownerDocument.defaultView ?? window;
  const observer = new Observer(() => {
    isResizing = true;
    // Until it is drawn in its new size, nothing that is laid over the picture has a place.
    if (shown.placed) tell({ placed: undefined, fitMm: undefined });
    resizeSoon(engine, onResized);
  });
  observer.observe(element);
  element.addEventListener(Enums.Events.IMAGE_RENDERED, onRendered);
  element.addEventListener(Enums.Events.STACK_NEW_IMAGE, onNewImage);
  const keepLeft = (event: Event) => event.preventDefault();
  element.addEventListener("contextmenu", keepLeft);
  // What is pressed while the picture goes to another place would be marked where nobody saw it.
  const keepUnplaced = (event: Event) => {
    if (!shown.placed) event.stopImmediatePropagation();
  };
  for (const press of PRESSES) element.addEventListener(press, keepUnplaced, { capture: true });

  async function goTo(index: number): Promise<void> {
    const target = Math.max(0, Math.min(frames.length - 1, index));
    const [here, imageId] = [generation, frames[target]?.imageId];
    if (!imageId || isGone) return;
    wanted = target;
    if (!isSettled) {
      // The stack that is being put in goes on to there; one whose first picture failed begins there.
      if (shown.state === "failed") await putIn(frames, target, begun);
      else tell({ index: target });
      return;
    }
    const isWanted = () => here === generation && wanted === target;
    // What is here already comes with its picture: its number never stands beside another one.
    if (cache.getImage(imageId) === undefined) tell({ index: target, state: "loading", why: undefined });
    try {
      // Asked for by itself first, so that a failure is known with its reason.
      await loads.load(() => imageLoader.loadAndCacheImage(imageId), isWanted);
      if (!isWanted()) return;
      await viewport.setImageIdIndex(target);
      // Ready is told when it is drawn; one that never left the canvas is drawn again, or nobody would tell.
      if (isWanted()) viewport.render();
    } catch (error) {
      if (isWanted()) tell({ index: target, state: "failed", why: messageOf(error) });
    }
  }

  async function putIn(stack: readonly Frame[], index: number, start: Start = {}): Promise<void> {
    const { window, view, isTurned } = start;
    generation += 1;
    const here = generation;
    [frames, begun] = [stack, start];
    wanted = index;
    isSettled = false;
    [latest, waiting] = [view ?? WHOLE, undefined];
    tell({
      index,
      state: "loading",
      why: undefined,
      window: undefined,
      placed: undefined,
      fitMm: undefined,
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
      standing = undefined;
      const presented = presentedNow();
      stance = presented?.stance;
      before = undefined;
      standNow();
      look.setShades(presented?.isInverse);
      applyView(latest);
      if (isTurned) look.turn();
      const given = waiting ?? window;
      if (given) look.setWindow(given);
      isSettled = true;
      viewport.render();
      prefetch();
      if (wanted !== index) await goTo(wanted);
    } catch (error) {
      if (here !== generation) return;
      tell({ state: "failed", why: messageOf(error) });
      if (wanted !== index) await goTo(wanted);
    }
  }

  return {
    show: putIn,
    goTo,
    scrollBy: (by: number) => goTo(wanted + by),
    setTool: (name: ToolName): void => held?.set(name),
    setWindow(window: SetWindow): void {
      if (isGone) return;
      if (!isSettled) {
        waiting = window;
        return;
      }
      look.setWindow(window);
      viewport.render();
    },
    /** The window that each image asks for, as before a reader chose one. */
    asSent(): void {
      if (isGone) return;
      look.asSent();
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
      latest = WHOLE;
      standNow();
      viewport.render();
    },
    /**
     * The picture at one edge of the viewport, at a given scale: chest walls meet, and breasts are as large as they are.
     *
     * @param mm - millimetres in the patient a canvas pixel
     */
    stand(edge: "left" | "right", mm: number): void {
      standing = { edge, mm };
      standAgain();
    },
    view: (): View => latest,
    /** All by which another engine shows the same, or nothing while nothing was shown. */
    stands(): (Start & { index: number }) | undefined {
      if (!isSettled || viewport.getCurrentImageId() === undefined) return undefined;
      const now = windowNow();
      const window = now && !look.isAsSent(now) ? now : undefined;
      return { index: wanted, view: latest, window, isTurned: look.isTurned() };
    },
    setView(view: View): void {
      if (isGone) return;
      latest = view;
      // While a stack is being put in it is what that one starts with.
      if (!isSettled) return;
      applyView(view);
      viewport.render();
    },
    /** How each picture is to be shown from here on; nothing: as it was sent. */
    present(how: Presenting | undefined): void {
      presenting = how;
      if (isGone || !isSettled || frames.length === 0) return;
      standAsPresented(false);
      viewport.render();
    },
    reset(): void {
      latest = WHOLE;
      look.reset();
      standNow();
      viewport.render();
    },
    canvas: (): HTMLCanvasElement => viewport.getCanvas(),
    look: (): Look | undefined => lookOf(viewport),
    lookAs: (look: Look): void => lookAs(viewport, look),
    isCached: (imageId: string): boolean => cache.getImage(imageId) !== undefined,
    /** Whether the picture that is wanted of these is on the canvas: known before the page has heard of it. */
    isDrawn: (stack: readonly Frame[]): boolean =>
      isSettled && stack === frames && shown.state === "ready" && drawnId() === frames[wanted]?.imageId,
    /** The one that keys act on: its images are fetched ahead of the others'. */
    activate: (): void => prefetcher.activate(id),
    destroy(): void {
      isGone = true;
      generation += 1;
      prefetcher.forget(id);
      observer.disconnect();
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, onRendered);
      element.removeEventListener(Enums.Events.STACK_NEW_IMAGE, onNewImage);
      element.removeEventListener("contextmenu", keepLeft);
      for (const press of PRESSES) element.removeEventListener(press, keepUnplaced, { capture: true });
      held?.leave();
      letGo(engine, id);
    },
  };
}
export type StackController = ReturnType<typeof createStackController>;
