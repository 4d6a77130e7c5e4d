import { useEffect, useMemo, useRef } from "react";
import type { OpenedStudy, ViewerSeries } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import { useSeries } from "../frames/use-series.ts";
import type { Currency } from "../marks/currency.ts";
import { nameOfWindow, windowsFor } from "../marks/windows.ts";
import { useCut } from "../mpr/use-cut.ts";
import { useOthersHere } from "../others/others.ts";
import { presentedBy } from "../others/presentation-state.ts";
import { isSegmentation } from "../others/segmentation.ts";
import { useStateLook } from "../others/use-state-look.ts";
import { isWindowAt, useStateWindow } from "../others/use-state-window.ts";
import { presentationOf } from "../pixels/presented.ts";
import { readerTools } from "../stack/reader-tools.ts";
import type { Shown } from "../stack/stack-controller.ts";
import { useStack } from "../stack/use-stack.ts";
import { type Hung, keyOf } from "./arrangement.ts";
import type { CellProps, Stood } from "./cell-state.ts";
import { useDisplayed } from "./use-displayed.ts";

const NO_FRAMES: readonly Frame[] = [];

export type PictureProps = CellProps & {
  hung: Hung;
  opened: OpenedStudy;
  series: ViewerSeries;
  currency: Currency;
};

function indexOf(stood: Stood, frames: readonly Frame[]): number {
  const { index, at } = stood;
  if (!at) return index;
  const found = frames.findIndex(
    ({ instance, frame }) => instance.instanceId === at.instanceId && frame === at.frame,
  );
  return Math.max(0, found);
}

function startOf(stood: Stood | undefined, { window, flush, cut }: Hung, frames: readonly Frame[]) {
  const isSame = stood !== undefined && stood.windowName === window?.name;
  return {
    // A cut begins in the middle: at its edges is air.
    index: stood ? indexOf(stood, frames) : cut ? Math.floor(frames.length / 2) : 0,
    view: flush ? undefined : stood?.view,
    window: (isSame ? stood.window : undefined) ?? window,
  };
}

const whyFailed = (load: string | undefined, shown: Shown | undefined): string | undefined =>
  load ?? (shown?.state === "failed" ? (shown.why ?? "It could not be loaded.") : undefined);

/** All that one viewport does: it reads its series, puts its stack in, and tells the rest of the viewer what is shown. */
export function usePicture(props: PictureProps) {
  const { at, hung, opened, series, currency, isActive, tool, places, onState } = props;
  const key = keyOf(hung);
  const { source, study } = opened;
  const load = useSeries(source, series.seriesId, hung.instanceIds);
  const cut = useCut(load.state === "ready" ? load.frames : undefined, hung.cut);
  // The pixels of a segmentation are no picture: it lies over those that it was made of.
  const isLaidOver =
    load.state === "ready" && load.instances.length > 0 && load.instances.every(isSegmentation);
  const frames = isLaidOver ? NO_FRAMES : cut.frames;
  const { attach, controller, steer, shown, failure } = useStack(
    frames,
    () => startOf(places.get(key), hung, frames ?? NO_FRAMES),
    readerTools,
  );
  const frame = frames?.[shown.index];
  const count = frames?.length ?? 0;
  // What hangs at an edge isn't seen in the middle first; what has no size in the patient has no scale to stand at.
  const isStanding = hung.flush === undefined || shown.fitMm === undefined || shown.isAtEdge === true;
  const isDrawn = shown.state === "ready" && frame !== undefined && shown.imageId === frame.imageId;
  const isReady = isDrawn && isStanding;
  const failed =
    failure ??
    cut.why ??
    whyFailed(load.state === "failed" ? load.why : undefined, frames ? shown : undefined);
  const isDocument = load.state === "ready" && frames?.length === 0 && load.instances.length > 0;
  const isSettled = isReady || isDocument || failed !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an image's curves are known once it was read
  const own = useMemo(
    () => (frame ? windowsFor(frame.instance.header, frame.frame, presentationOf(frame.imageId).voi) : []),
    [frame, isReady],
  );
  const others = useOthersHere();
  // A computed plane has the first slice's name, not its place.
  const isAcquired = frame !== undefined && !cut.computed;
  // Mammograms, and whatever else stands at an edge, stand by the protocol's rule: back to back, to one scale.
  const mayTurn = series.modality !== "MG" && hung.flush === undefined;
  const look = useStateLook({
    ...{ studyId: study.studyId, source, isReady, mayTurn },
    frame: isAcquired ? frame : undefined,
  });
  const isCut = hung.cut !== undefined;
  useEffect(
    () =>
      controller?.present((asked) => {
        const found = isCut ? undefined : others.stateOn(study.studyId, asked);
        return found && presentedBy(found.state, asked, mayTurn);
      }),
    [controller, others, study.studyId, isCut, mayTurn],
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
  const isCurveLost =
    presented?.window.table !== undefined &&
    shown.window !== undefined &&
    shown.window.table === undefined &&
    isWindowAt(shown.window, presented.window);
  // A report that is read was looked at, too.
  const seen = useDisplayed(
    source,
    series.seriesId,
    isDocument ? series.seriesId : frame?.imageId,
    isReady || isDocument,
  );
  const seenIndexes = useMemo(
    () => new Set((frames ?? []).flatMap(({ imageId }, index) => (seen.has(imageId) ? [index] : []))),
    [frames, seen],
  );

  const hungWindow = hung.window;
  const isAsSent =
    !hungWindow && shown.window !== undefined && nameOfWindow(own.slice(0, 1), shown.window) !== undefined;
  useStateWindow({ of: key, presented, controller, isReady, shown, isAsSent });
  // The same series hung anew in another window: what is on the canvas, or on its way there, takes it.
  const started = useRef({ controller, hungWindow });
  useEffect(() => {
    const was = started.current;
    started.current = { controller, hungWindow };
    if (controller && hungWindow && was.controller === controller && was.hungWindow !== hungWindow)
      controller.setWindow(hungWindow);
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
      steer,
      frames: frames ?? [],
      instances: instances ?? [],
      frame,
      shown,
      isReady,
      isSettled,
      windows,
      windowName,
      look: look?.isLoading ? undefined : look?.look,
    });
  }, [
    at,
    onState,
    hung,
    opened,
    series,
    currency,
    controller,
    steer,
    frames,
    instances,
    frame,
    shown,
    isReady,
    isSettled,
    windows,
    windowName,
    look,
  ]);
  useEffect(() => () => onState(at, undefined), [at, onState]);

  return {
    load,
    cut,
    attach,
    steer,
    shown,
    frames,
    frame,
    count,
    isReady,
    failed,
    isDocument,
    isAcquired,
    look,
    isCurveLost,
    windowName,
    seenIndexes,
  };
}
