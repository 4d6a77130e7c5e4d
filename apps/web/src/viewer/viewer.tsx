"use client";
import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import type { OpenedStudy } from "./contract.ts";
import {
  activate,
  arrange,
  type Hung,
  hangIn,
  hungAt,
  regrid,
  type Slot,
  step,
} from "./layout/arrangement.ts";
import { Cell, type Places } from "./layout/cell.tsx";
import { ofOnePatient } from "./layout/same-patient.ts";
import { useCells } from "./layout/use-cells.ts";
import { currencyBeside, currencyOf } from "./marks/currency.ts";
import type { ToolName } from "./stack/stack-controller.ts";
import { useCine } from "./stack/use-cine.ts";
import { Help } from "./ui/help.tsx";
import { SeriesStrip } from "./ui/series-strip.tsx";
import { Toolbar } from "./ui/toolbar.tsx";
import { useViewerKeys } from "./ui/use-viewer-keys.ts";

export type ViewerProps = {
  /** The study that is read, first; and what stands beside it. */
  studies: readonly OpenedStudy[];
  banner: ReactNode;
  report: ReactNode;
  onClose(): void;
};

function firstOf({ study }: OpenedStudy): Slot {
  const [series] = study.series;
  return series
    ? { kind: "hung", hung: { studyId: study.studyId, seriesId: series.seriesId } }
    : { kind: "empty" };
}

/** Side by side, the one that is read first. */
const hangAll = (studies: readonly OpenedStudy[]) => arrange(1, studies.length, studies.map(firstOf));

export function Viewer({ studies: given, banner, report, onClose }: ViewerProps) {
  const { studies, refused } = useMemo(() => ofOnePatient(given), [given]);
  const read = studies.find(({ role }) => role === "current") ?? studies[0];
  const [arrangement, setArrangement] = useState(() => hangAll(studies));
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
            ? currencyOf(opened.study.studyDate, opened.study.newestDate)
            : currencyBeside(opened.study, read.study),
        opened,
      })),
    [studies, read],
  );
  const of = (hung: Hung | undefined) => labelled.find(({ study }) => study.studyId === hung?.studyId);

  const { slots, active } = arrangement;
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

  useViewerKeys({
    scrollBy: (by) => void controller?.scrollBy(by),
    first: () => void controller?.goTo(0),
    last: () => void controller?.goTo(count - 1),
    window: (index) => cell?.windows[index] && controller?.setWindow(cell.windows[index]),
    nextSeries,
    nextViewport: (by) => setArrangement((was) => step(was, by)),
    tool: setTool,
    zoomBy: (factor) => controller?.zoomBy(factor),
    invert: () => controller?.invert(),
    cine: cine.toggle,
    report: () => setIsReportOpen((was) => !was),
    full: goFull,
    reset: () => controller?.reset(),
    help: () => setIsHelpOpen((was) => !was),
    close: () => {
      if (isHelpOpen) setIsHelpOpen(false);
      else if (isReportOpen) setIsReportOpen(false);
      else onClose();
    },
  });

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
        onGrid={(rows, columns) => setArrangement((was) => regrid(was, rows, columns))}
        cine={count > 1 ? cine : undefined}
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
      <div className="flex min-h-0 grow max-md:flex-col">
        <SeriesStrip studies={labelled} current={hung} onChoose={choose} />
        <div
          className="grid min-h-64 min-w-0 grow"
          style={{
            gridTemplateRows: `repeat(${arrangement.rows}, minmax(0, 1fr))`,
            gridTemplateColumns: `repeat(${arrangement.columns}, minmax(0, 1fr))`,
          }}
        >
          {slots.map((slot, at) => {
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
                onActivate={onActivate}
                onDropped={onDropped}
                onState={tell}
              />
            );
          })}
        </div>
        {isReportOpen ? (
          <aside aria-label="Report" className="w-full shrink-0 overflow-auto bg-panel p-4 text-ink md:w-96">
            {report}
          </aside>
        ) : null}
      </div>
      {isHelpOpen ? <Help onClose={() => setIsHelpOpen(false)} /> : null}
    </div>
  );
}
