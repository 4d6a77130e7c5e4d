import { type DragEvent, memo, useEffect, useMemo, useRef } from "react";
import type { OpenedStudy, ViewerInstance, ViewerSeries } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import { useSeries } from "../frames/use-series.ts";
import { number } from "../header.ts";
import type { Plane } from "../link/planes.ts";
import { ReferenceLine } from "../link/reference-line-mark.tsx";
import type { Currency } from "../marks/currency.ts";
import { nameOfWindow, type Window, windowsFor } from "../marks/windows.ts";
import { ComputedMarks } from "../mpr/computed-marks.tsx";
import { useCut } from "../mpr/use-cut.ts";
import { OthersLayer } from "../others/layer.tsx";
import { useOthersHere } from "../others/others.ts";
import { isSegmentation } from "../others/segmentation.ts";
import { isWindowAt, useStateWindow } from "../others/use-state-window.ts";
import { Planes } from "../pixels/planes.tsx";
import { presentationOf } from "../pixels/presented.ts";
import type { Shown, StackController, ToolName, View } from "../stack/stack-controller.ts";
import { useStack } from "../stack/use-stack.ts";
import { Document } from "../ui/document.tsx";
import { Overlay } from "../ui/overlay.tsx";
import { ScrollBar } from "../ui/scroll-bar.tsx";
import { SERIES_DRAGGED } from "../ui/series-strip.tsx";
import { type Hung, keyOf, type Slot } from "./arrangement.ts";
import { useDisplayed } from "./use-displayed.ts";

/** All that the rest of the viewer knows of one viewport: what hangs there, what is on its canvas, and how to act on it. */
export type CellState = {
  hung: Hung;
  opened: OpenedStudy;
  series: ViewerSeries;
  currency: Currency;
  controller: StackController | undefined;
  frames: readonly Frame[];
  instances: readonly ViewerInstance[];
  /** The frame that `shown.index` names: on the canvas once `isReady`. */
  frame: Frame | undefined;
  shown: Shown;
  isReady: boolean;
  /** Nothing more is awaited: its full detail is shown, or it says why not. */
  isSettled: boolean;
  windows: readonly Window[];
  windowName: string | undefined;
};

/** Where a reader stood in what hangs somewhere, for as long as the viewer is open. */
export type Places = Map<string, Stood>;
type Stood = {
  index: number;
  view?: View | undefined;
  window?: Shown["window"];
  /** The window of the protocol under which it stood so: another step's window is another one. */
  windowName?: string | undefined;
};

export type CellProps = {
  at: number;
  of: number;
  slot: Slot;
  opened: OpenedStudy | undefined;
  currency: Currency | undefined;
  isActive: boolean;
  tool: ToolName;
  places: Places;
  /** Said beside this picture because of what hangs elsewhere: it is of the other side. */
  warning: string | undefined;
  /** The plane of the active viewport: a line where it cuts this picture. */
  cutting: Plane | undefined;
  onActivate(at: number): void;
  onDropped(at: number, choice: { studyId: string; seriesId: string }): void;
  onState(at: number, state: CellState | undefined): void;
};

const FRAME: Record<Currency["kind"], string> = {
  current: "border-[#6cb4ff]",
  read: "border-[#6cb4ff]",
  prior: "border-dashed border-[#ffc871]",
  "same-day": "border-dashed border-[#ffc871]",
  undated: "border-dashed border-[#ffc871]",
  newer: "border-double border-[#ff8f80]",
};

function droppedIn({ dataTransfer }: DragEvent): { studyId: string; seriesId: string } | undefined {
  const said = dataTransfer.getData(SERIES_DRAGGED);
  const [studyId, seriesId] = said ? Object.values<unknown>(JSON.parse(said)) : [];
  return typeof studyId === "string" && typeof seriesId === "string" ? { studyId, seriesId } : undefined;
}

/** One viewport: its frame, its stack, what stands beside the picture. What fails here fails here alone. */
export const Cell = memo(function Cell(props: CellProps) {
  const { at, of, slot, opened, currency, isActive, onActivate, onDropped } = props;
  const hung = slot.kind === "hung" ? slot.hung : undefined;
  const series = opened?.study.series.find((one) => one.seriesId === hung?.seriesId);
  const what =
    series && currency ? `${currency.text}, ${series.modality} ${series.description ?? ""}` : "empty";
  return (
    <section
      aria-label={`Viewport ${at + 1} of ${of}: ${slot.kind === "missing" ? slot.text : what}`}
      aria-current={isActive && of > 1 ? "true" : undefined}
      data-cell={at + 1}
      data-role={opened?.role}
      data-currency={currency?.kind}
      data-series={series?.description}
      data-study-date={opened?.study.studyDate}
      data-flush={hung?.flush}
      data-window={hung?.window?.name}
      data-cut={hung?.cut}
      className={`relative flex min-h-0 min-w-0 flex-col border-2 bg-black ${currency ? FRAME[currency.kind] : "border-white/20"}`}
      onPointerDownCapture={() => onActivate(at)}
      onFocusCapture={() => onActivate(at)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const choice = droppedIn(event);
        if (choice) onDropped(at, choice);
      }}
    >
      {isActive && of > 1 ? (
        <span aria-hidden className="pointer-events-none absolute inset-0 z-10 border-2 border-white" />
      ) : null}
      {hung && opened && series && currency ? (
        <Picture {...props} hung={hung} opened={opened} series={series} currency={currency} />
      ) : (
        <p className="m-auto p-4 text-center text-[#c3ced4]">
          {slot.kind === "missing" ? (
            <strong className="text-[#ffc871]">{slot.text}</strong>
          ) : (
            "Nothing hangs here"
          )}
        </p>
      )}
    </section>
  );
});

const NO_FRAMES: readonly Frame[] = [];

type PictureProps = CellProps & { hung: Hung; opened: OpenedStudy; series: ViewerSeries; currency: Currency };

function Picture(props: PictureProps) {
  const {
    at,
    of,
    hung,
    opened,
    series,
    currency,
    isActive,
    tool,
    places,
    warning,
    cutting,
    onState,
    onActivate,
  } = props;
  const key = keyOf(hung);
  const { source, study } = opened;
  const load = useSeries(source, series.seriesId, hung.instanceIds);
  const cut = useCut(load.state === "ready" ? load.frames : undefined, hung.cut);
  // The pixels of a segmentation are no picture: it lies over those that it was made of.
  const isLaidOver =
    load.state === "ready" && load.instances.length > 0 && load.instances.every(isSegmentation);
  const frames = isLaidOver ? NO_FRAMES : cut.frames;
  const { attach, controller, shown, failure } = useStack(frames, () =>
    startOf(places.get(key), hung, frames?.length ?? 0),
  );
  const frame = frames?.[shown.index];
  const count = frames?.length ?? 0;
  const isReady = shown.state === "ready" && frame !== undefined && shown.imageId === frame.imageId;
  const failed =
    failure ??
    cut.why ??
    whyFailed(load.state === "failed" ? load.why : undefined, frames ? shown : undefined);
  const isDocument = load.state === "ready" && frames?.length === 0 && load.instances.length > 0;
  const isSettled = isReady || isDocument || failed !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an image's curves are known once it was read
  const own = useMemo(
    () => (frame ? windowsFor(frame.instance.header, presentationOf(frame.imageId).voi) : []),
    [frame, isReady],
  );
  const others = useOthersHere();
  // A computed plane has the first slice's name, not its place.
  const isAcquired = frame !== undefined && !cut.computed;
  const look = useMemo(
    () => (frame && isAcquired ? others.lookOn(study.studyId, frame) : undefined),
    [others, study.studyId, frame, isAcquired],
  );
  const presented = useMemo(
    () => look?.look.window && { key: look.look.instanceId, name: look.look.name, window: look.look.window },
    [look],
  );
  const windows = useMemo(
    () => (presented ? [...own, { name: presented.name, ...presented.window }] : own),
    [own, presented],
  );
  const windowName = shown.window && nameOfWindow(windows, shown.window);
  const seen = useDisplayed(source, series.seriesId, frame?.imageId, isReady);
  const seenIndexes = useMemo(
    () => new Set((frames ?? []).flatMap(({ imageId }, index) => (seen.has(imageId) ? [index] : []))),
    [frames, seen],
  );

  const hungWindow = hung.window;
  const isAsSent =
    !hungWindow && shown.window !== undefined && nameOfWindow(own.slice(0, 1), shown.window) !== undefined;
  useStateWindow({ of: key, presented, controller, isReady, shown, isAsSent });
  const isHere = useRef(false);
  isHere.current = isReady;
  // The same series hung anew in another window: what is on the canvas takes it.
  useEffect(() => {
    if (controller && hungWindow && isHere.current) controller.setWindow(hungWindow);
  }, [controller, hungWindow]);
  useEffect(() => controller?.setTool(tool), [controller, tool]);
  useEffect(() => {
    if (isActive) controller?.activate();
  }, [controller, isActive]);
  useEffect(() => {
    if (!isReady || !controller) return;
    const { index, window } = shown;
    // Only a window that the reader chose is theirs: else each image is shown as it says of itself.
    const isOwn =
      window !== undefined &&
      nameOfWindow(hungWindow ? [hungWindow] : own.slice(0, 1), window) === undefined &&
      !(presented && isWindowAt(presented.window, window));
    places.set(key, {
      index,
      view: controller.view(),
      window: isOwn ? window : undefined,
      windowName: hungWindow?.name,
    });
  }, [places, key, isReady, controller, shown, hungWindow, own, presented]);
  const instances = load.state === "failed" ? undefined : load.instances;
  useEffect(() => {
    onState(at, {
      hung,
      opened,
      series,
      currency,
      controller,
      frames: frames ?? [],
      instances: instances ?? [],
      frame,
      shown,
      isReady,
      isSettled,
      windows,
      windowName,
    });
  }, [
    at,
    onState,
    hung,
    opened,
    series,
    currency,
    controller,
    frames,
    instances,
    frame,
    shown,
    isReady,
    isSettled,
    windows,
    windowName,
  ]);
  useEffect(() => () => onState(at, undefined), [at, onState]);

  return (
    <>
      {isDocument ? <Document instances={load.instances} /> : null}
      <div
        className={`relative min-h-16 grow ${isDocument ? "hidden" : ""}`}
        onWheel={({ deltaY }) => {
          if (deltaY === 0) return;
          onActivate(at);
          void controller?.scrollBy(deltaY > 0 ? 1 : -1);
        }}
      >
        <section
          ref={attach}
          aria-label={of > 1 ? `Images of viewport ${at + 1}` : "Images"}
          // Until the picture is the one that is named beside it, none is shown and nothing is measured.
          className={`absolute inset-0 ${isReady ? "" : "pointer-events-none opacity-0"}`}
          data-testid={isActive ? "viewport" : "other-viewport"}
          data-state={failed === undefined ? (isReady ? "ready" : "loading") : "failed"}
          data-index={shown.index}
          data-count={count}
          data-scale={shown.placed?.scale}
          data-left={shown.placed?.left}
          data-top={shown.placed?.top}
        />
        {frame && isReady && shown.placed ? <Planes frame={frame} placed={shown.placed} /> : null}
        {frame && isReady && isAcquired && shown.placed ? (
          <OthersLayer
            studyId={study.studyId}
            frame={frame}
            placed={shown.placed}
            look={look}
            flush={hung.flush}
          />
        ) : null}
        {frame ? (
          <Overlay
            shown={shown}
            isReady={isReady}
            frame={frame}
            count={count}
            series={series}
            study={study}
            windowName={windowName}
            currency={currency}
            flush={hung.flush}
            warnings={warning === undefined ? [] : [warning]}
            isActive={isActive}
          />
        ) : null}
        {frame && cut.computed && isReady ? (
          <ComputedMarks
            computed={cut.computed}
            columns={number(frame.instance.header, "00280011") ?? 0}
            placed={shown.placed}
          />
        ) : null}
        {frame && cutting && isReady ? (
          <ReferenceLine cutting={cutting} frame={frame} placed={shown.placed} />
        ) : null}
        <Failure text={failed} />
        {load.state === "loading" || (hung.cut && !frames && failed === undefined) ? (
          <p role="status" className="absolute inset-x-0 top-1/3 text-center">
            Loading the series …
          </p>
        ) : null}
      </div>
      <ScrollBar
        name={of > 1 ? `Image in viewport ${at + 1}` : "Image"}
        index={shown.index}
        count={isDocument || failed !== undefined ? 0 : frames ? count : undefined}
        seen={seenIndexes}
        onGo={(index) => void controller?.goTo(index)}
      />
    </>
  );
}

function startOf(stood: Stood | undefined, { window, flush, cut }: Hung, count: number) {
  const isSame = stood !== undefined && stood.windowName === window?.name;
  return {
    // A cut begins in the middle: at its edges is air.
    index: stood?.index ?? (cut ? Math.floor(count / 2) : 0),
    view: flush ? undefined : stood?.view,
    window: (isSame ? stood.window : undefined) ?? window,
  };
}

const whyFailed = (load: string | undefined, shown: Shown | undefined): string | undefined =>
  load ?? (shown?.state === "failed" ? (shown.why ?? "It could not be loaded.") : undefined);

/** In place of the image: what happened, in words. The rest goes on. */
function Failure({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <div role="alert" className="absolute inset-0 flex items-center justify-center bg-black p-6 text-center">
      <p className="max-w-prose">
        <strong className="block text-lg">This image can't be shown</strong>
        {text}
      </p>
    </div>
  );
}
