"use client";
import type { Hanging } from "@weald/core/hanging";
import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import type { View } from "./annotations/contract.ts";
import { useMarks } from "./annotations/use-marks.tsx";
import { arrangementOfView } from "./annotations/view-link.ts";
import type { OpenedStudy, ViewerPreference } from "./contract.ts";
import type { Ahead } from "./frames/fetch-ahead.ts";
import { arrangementOf, stepKey, useHanging } from "./hanging/use-hanging.ts";
import {
  activate,
  arrange,
  type Hung,
  hangIn,
  hungAt,
  keyOf,
  regrid,
  step as stepTo,
  threePlanes,
} from "./layout/arrangement.ts";
import { Cell, type Places } from "./layout/cell.tsx";
import { isOtherSide } from "./layout/other-side.ts";
import { ofOnePatient } from "./layout/same-patient.ts";
import { useAhead } from "./layout/use-ahead.ts";
import { useCells } from "./layout/use-cells.ts";
import { useNarrow } from "./layout/use-narrow.ts";
import { useOneScale } from "./layout/use-one-scale.ts";
import type { MatchedBy } from "./link/match-place.ts";
import { planeOf } from "./link/planes.ts";
import { ALL_LINKED, type Links, useLinks } from "./link/use-links.ts";
import { usePeek } from "./link/use-peek.ts";
import { currencyBeside, currencyOf, currencyRead } from "./marks/currency.ts";
import { OthersContext } from "./others/others.ts";
import { useOthers } from "./others/use-others.tsx";
import type { ToolName } from "./stack/stack-controller.ts";
import { useCine } from "./stack/use-cine.ts";
import { Help } from "./ui/help.tsx";
import { withKey } from "./ui/keys.ts";
import { SeriesStrip } from "./ui/series-strip.tsx";
import { Toolbar } from "./ui/toolbar.tsx";
import { Tray } from "./ui/tray.tsx";
import { useViewerKeys } from "./ui/use-viewer-keys.ts";

/** Before there is anything to show: the first picture then finds it running. */
export { engine as startEngine } from "./stack/engine.ts";

export type ViewerProps = {
  /** The study that is read, first; and what stands beside it. */
  studies: readonly OpenedStudy[];
  banner: ReactNode;
  report: ReactNode;
  preference: ViewerPreference;
  onPreference(value: ViewerPreference): void;
  /** What may be asked for next: its first pictures are fetched once all that hangs is there. */
  ahead: readonly Ahead[];
  /** Why a prior that was asked for isn't here, in words. */
  priorNote?: string | undefined;
  /** Brings the nearest prior beside, or takes the priors away again. */
  onPrior(): void;
  onClose(): void;
  /** What a link restores; from there the reader goes on. */
  view?: View | undefined;
};

/** Until it is known what there is to hang. */
const NOTHING_YET = arrange(1, 1, []);

/** On a phone nothing is loaded that isn't shown. */
const NOTHING_AHEAD: readonly Ahead[] = [];

const LINKED_BY: Record<MatchedBy, string> = {
  position: "linked by position",
  location: "linked by location, in mm",
  order: "linked by order",
};
const linkedBy = (matched: readonly MatchedBy[]) =>
  matched.length === 0 ? "nothing to link" : matched.map((by) => LINKED_BY[by]).join(", ");

export function Viewer(props: ViewerProps) {
  const { studies: given, banner, report, priorNote, onPrior, onClose, view } = props;
  const [preference, setPreference] = useState(props.preference);
  const { studies, refused } = useMemo(() => ofOnePatient(given), [given]);
  const read = studies.find(({ role }) => role === "current") ?? studies[0];
  function keep(more: Partial<ViewerPreference>): void {
    const value = { ...preference, ...more };
    setPreference(value);
    props.onPreference(value);
  }
  const hanging = useHanging(studies);
  const [arrangement, setArrangement] = useState(NOTHING_YET);
  const [at, setAt] = useState<{ of: Hanging | undefined; step: number }>({ of: undefined, step: 0 });
  // Other studies are open than before: they hang anew, from the first step.
  if (hanging && at.of !== hanging) {
    setAt({ of: hanging, step: 0 });
    const first = hanging.steps[0];
    // What a link hung comes first, once; from there the reader goes on.
    if (view && at.of === undefined) setArrangement(arrangementOfView(view, studies));
    else
      setArrangement(first ? arrangementOf(first, preference.grids[stepKey(hanging, first)]) : NOTHING_YET);
  }
  const [note, setNote] = useState<string>();
  const [tool, setTool] = useState<ToolName>("window");
  const [isReportOpen, setIsReportOpen] = useState(false);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const places = useRef<Places>(new Map());
  const { cells, tell } = useCells();

  const labelled = useMemo(
    () =>
      studies.map((opened) => ({
        ...opened,
        currency:
          opened === read || !read
            ? studies.length > 1
              ? currencyRead(opened.study)
              : currencyOf(opened.study.studyDate, opened.study.newestDate)
            : currencyBeside(opened.study, read.study),
        opened,
      })),
    [studies, read],
  );
  const of = (hung: Hung | undefined) => labelled.find(({ study }) => study.studyId === hung?.studyId);

  const { slots, active } = arrangement;
  const isNarrow = useNarrow();
  useAhead(isNarrow ? NOTHING_AHEAD : props.ahead, cells);
  const cell = cells.get(active);
  const controller = cell?.controller;
  const count = cell?.frames.length ?? 0;
  const cine = useCine(controller, count, cell?.frame?.instance.header);
  const hung = hungAt(arrangement, active);

  const onActivate = useCallback((at: number) => setArrangement((was) => activate(was, at)), []);
  const onDropped = useCallback(
    (at: number, choice: { studyId: string; seriesId: string }) =>
      setArrangement((was) => hangIn(was, at, choice)),
    [],
  );
  function choose(choice: { studyId: string; seriesId: string } | undefined): void {
    cine.stop();
    if (choice) onDropped(active, choice);
  }
  function goFull(): void {
    const change = document.fullscreenElement ? document.exitFullscreen() : root.current?.requestFullscreen();
    // A browser may refuse: then nothing happens.
    void change?.catch(() => {});
  }
  function nextSeries(by: number): void {
    const study = of(hung)?.study ?? read?.study;
    if (!study) return;
    const at = study.series.findIndex((one) => one.seriesId === hung?.seriesId);
    const next = study.series[(at + by + study.series.length) % study.series.length];
    choose(next && { studyId: study.studyId, seriesId: next.seriesId });
  }

  const marks = useMarks({
    studies,
    cells,
    arrangement,
    restored: view,
    onHang(choice, index) {
      places.current.set(keyOf(choice), { index });
      choose(choice);
    },
  });
  const { others, toolbar, panel, close: closeOthers } = useOthers({ studies, cell });
  function nextStep(by: number): void {
    const steps = hanging?.steps ?? [];
    if (!hanging || steps.length < 2) {
      nextSeries(by);
      return;
    }
    const isOnScreen = (index: number) => !isNarrow || index === active;
    const isWaiting = slots.some(
      (slot, index) => slot.kind === "hung" && isOnScreen(index) && !cells.get(index)?.isSettled,
    );
    if (hanging.isBySide && isWaiting) {
      setNote("Loading, not full detail: the next step waits.");
      return;
    }
    const step = (at.step + by + steps.length) % steps.length;
    const next = steps[step];
    if (!next) return;
    cine.stop();
    setNote(undefined);
    setAt({ of: hanging, step });
    setArrangement(arrangementOf(next, preference.grids[stepKey(hanging, next)]));
  }
  const step = hanging?.steps[at.step];
  /** The active series in three planes; and back to how it hung. */
  function showPlanes(): void {
    const isCut = slots.some((slot) => slot.kind === "hung" && slot.hung.cut);
    cine.stop();
    if (!isCut && hung) setArrangement(threePlanes(hung));
    else if (hanging && step) setArrangement(arrangementOf(step, preference.grids[stepKey(hanging, step)]));
  }
  const [links, setLinks] = useState<Links>(preference.links ?? ALL_LINKED);
  const [levels, setLevels] = useState<ReadonlyMap<string, number>>(new Map());
  const matched = useLinks(cells, active, links, levels);
  function link(what: keyof Links): void {
    // What a reader links by hand is level as it stands.
    if (what === "scroll" && !links.scroll)
      setLevels(new Map([...cells.values()].map((one) => [keyOf(one.hung), one.shown.index])));
    const next = { ...links, [what]: !links[what] };
    setLinks(next);
    keep({ links: next });
  }
  function regridTo(rows: number, columns: number): void {
    setArrangement((was) => regrid(was, rows, columns));
    if (hanging && step)
      keep({ grids: { ...preference.grids, [stepKey(hanging, step)]: { rows, columns } } });
  }
  const { peeked, peek } = usePeek({ cells, active, places: places.current, levels });
  const cutting = useMemo(() => (cell?.frame && cell.isReady ? planeOf(cell.frame) : undefined), [cell]);
  useOneScale(cells, hanging?.isOneScale ?? true);

  useViewerKeys(
    {
      scrollBy: (by) => void controller?.scrollBy(by),
      first: () => void controller?.goTo(0),
      last: () => void controller?.goTo(count - 1),
      window: (index) => cell?.windows[index] && controller?.setWindow(cell.windows[index]),
      nextStep,
      nextSeries,
      prior: onPrior,
      peek,
      planes: showPlanes,
      link: () => link("scroll"),
      nextViewport: (by) => setArrangement((was) => stepTo(was, by)),
      tool: setTool,
      zoomBy: (factor) => controller?.zoomBy(factor),
      invert: () => controller?.invert(),
      cine: cine.toggle,
      report: () => setIsReportOpen((was) => !was),
      full: goFull,
      reset: () => controller?.reset(),
      keyImage: marks.key,
      marks: marks.toggle,
      help: () => setIsHelpOpen((was) => !was),
      close: () => {
        if (isHelpOpen) setIsHelpOpen(false);
        else if (isReportOpen) setIsReportOpen(false);
        else if (!marks.close() && !closeOthers()) onClose();
      },
    },
    preference.keys,
  );

  return (
    <div ref={root} className="relative flex min-h-0 grow flex-col bg-black text-white">
      <div className="border-b border-white/20 bg-[#12181c] px-3 py-1.5">{banner}</div>
      <Toolbar
        tool={tool}
        onTool={setTool}
        windows={cell?.windows ?? []}
        windowName={cell?.windowName}
        onWindow={(window) => controller?.setWindow(window)}
        isInverted={cell?.shown.isInverted ?? false}
        onInvert={() => controller?.invert()}
        onFit={() => controller?.fit()}
        onReset={() => controller?.reset()}
        grid={arrangement}
        onGrid={regridTo}
        step={
          hanging &&
          step && { protocol: hanging.name, name: step.name, at: at.step + 1, of: hanging.steps.length }
        }
        onStep={nextStep}
        onPlanes={showPlanes}
        links={slots.length > 1 ? links : undefined}
        linkedBy={linkedBy(matched)}
        onLink={link}
        cine={count > 1 ? cine : undefined}
        marks={
          <>
            {marks.toolbar}
            {toolbar}
          </>
        }
        isReportOpen={isReportOpen}
        onReport={() => setIsReportOpen((was) => !was)}
        onFull={goFull}
        onHelp={() => setIsHelpOpen(true)}
        onClose={onClose}
      />
      {refused.length > 0 ? (
        <p role="alert" className="bg-[#3a1512] px-4 py-1.5 font-semibold text-[#ffb4a9]">
          A study of another patient was asked for beside this one. It isn't shown.
        </p>
      ) : null}
      {note || priorNote ? (
        <p role="status" className="bg-[#2f230d] px-4 py-1 font-semibold text-[#ffc871]">
          {note ?? priorNote}
        </p>
      ) : null}
      {hanging ? (
        <Tray
          unplaced={hanging.unplaced}
          onChoose={({ studyId, seriesId, instanceId }) =>
            setArrangement((was) =>
              hangIn(was, was.active, {
                studyId,
                seriesId,
                instanceIds: instanceId ? [instanceId] : undefined,
              }),
            )
          }
        />
      ) : null}
      <div className="flex min-h-0 grow max-md:flex-col">
        <SeriesStrip studies={labelled} current={hung} onChoose={choose} />
        <div
          className="grid min-h-64 min-w-0 grow"
          style={{
            gridTemplateRows: `repeat(${isNarrow ? 1 : arrangement.rows}, minmax(0, 1fr))`,
            gridTemplateColumns: `repeat(${isNarrow ? 1 : arrangement.columns}, minmax(0, 1fr))`,
          }}
        >
          <OthersContext.Provider value={others}>
            {slots.map((own, at) => {
              if (isNarrow && at !== active) return null;
              const slot = at === active && peeked ? peeked : own;
              const study = slot.kind === "hung" ? of(slot.hung) : undefined;
              return (
                <Cell
                  // biome-ignore lint/suspicious/noArrayIndexKey: a viewport is its place in the grid
                  key={at}
                  at={at}
                  of={slots.length}
                  slot={slot}
                  opened={study?.opened}
                  currency={study?.currency}
                  isActive={at === active}
                  tool={tool}
                  places={places.current}
                  cutting={at === active ? undefined : cutting}
                  warning={isOtherSide(cells, at) ? "OTHER SIDE" : undefined}
                  onActivate={onActivate}
                  onDropped={onDropped}
                  onState={tell}
                />
              );
            })}
          </OthersContext.Provider>
        </div>
        {marks.panel}
        {panel}
        {isReportOpen ? (
          <aside aria-label="Report" className="w-full shrink-0 overflow-auto bg-panel p-4 text-ink md:w-96">
            {report}
          </aside>
        ) : null}
      </div>
      {isHelpOpen ? (
        <Help
          own={preference.keys}
          onKey={(id, letter) => keep({ keys: withKey(preference.keys, id, letter) })}
          onClose={() => setIsHelpOpen(false)}
        />
      ) : null}
    </div>
  );
}
