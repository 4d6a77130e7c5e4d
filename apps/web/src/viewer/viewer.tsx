"use client";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { FrameSource, ViewerStudy } from "./contract.ts";
import { useSeries } from "./frames/use-series.ts";
import { nameOfWindow, windowsFor } from "./marks/windows.ts";
import type { ToolName } from "./stack/stack-controller.ts";
import { useCine } from "./stack/use-cine.ts";
import { useStack } from "./stack/use-stack.ts";
import { Document } from "./ui/document.tsx";
import { Help } from "./ui/help.tsx";
import { Overlay } from "./ui/overlay.tsx";
import { ScrollBar } from "./ui/scroll-bar.tsx";
import { SeriesStrip } from "./ui/series-strip.tsx";
import { Toolbar } from "./ui/toolbar.tsx";
import { useViewerKeys } from "./ui/use-viewer-keys.ts";

export type ViewerProps = {
  study: ViewerStudy;
  source: FrameSource;
  banner: ReactNode;
  report: ReactNode;
  onClose(): void;
};

const REPORT_EVERY_MS = 5000;

/** Images that stood on the screen, told to the source a few at a time: what was only fetched is no look. */
function useDisplayed(
  source: FrameSource,
  seriesId: string | undefined,
  imageId: string | undefined,
  isReady: boolean,
) {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const untold = useRef(0);
  useEffect(() => {
    if (!imageId || !isReady) return;
    setSeen((was) => {
      if (was.has(imageId)) return was;
      untold.current += 1;
      return new Set(was).add(imageId);
    });
  }, [imageId, isReady]);
  useEffect(() => {
    if (!seriesId) return;
    const tell = () => {
      if (untold.current === 0) return;
      const frames = untold.current;
      untold.current = 0;
      source.displayed(seriesId, frames).catch(() => {
        untold.current += frames;
      });
    };
    const timer = setInterval(tell, REPORT_EVERY_MS);
    return () => {
      clearInterval(timer);
      tell();
    };
  }, [source, seriesId]);
  return seen;
}

export function Viewer({ study, source, banner, report, onClose }: ViewerProps) {
  const [seriesId, setSeriesId] = useState(study.series[0]?.seriesId);
  const [tool, setTool] = useState<ToolName>("window");
  const [isReportOpen, setIsReportOpen] = useState(false);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);

  const series = study.series.find((one) => one.seriesId === seriesId);
  const load = useSeries(source, seriesId);
  const frames = load.state === "ready" ? load.frames : undefined;
  const { attach, controller, shown, failure } = useStack(frames);
  const frame = frames?.[shown.index];
  const count = frames?.length ?? 0;
  const isReady = shown.state === "ready" && frame !== undefined && shown.imageId === frame.imageId;
  const failed =
    failure ??
    (load.state === "failed"
      ? load.why
      : load.state === "ready" && shown.state === "failed"
        ? shown.why
        : undefined);
  const windows = useMemo(() => (frame ? windowsFor(frame.instance.header) : []), [frame]);
  const windowName = shown.window && nameOfWindow(windows, shown.window.center, shown.window.width);
  const cine = useCine(controller, count, frame?.instance.header);
  const seen = useDisplayed(source, seriesId, frame?.imageId, isReady);
  const isDocument = load.state === "ready" && load.frames.length === 0 && load.instances.length > 0;

  const seenIndexes = useMemo(
    () => new Set((frames ?? []).flatMap(({ imageId }, index) => (seen.has(imageId) ? [index] : []))),
    [frames, seen],
  );

  function choose(id: string | undefined): void {
    cine.stop();
    if (id) setSeriesId(id);
  }
  function chooseTool(name: ToolName): void {
    controller?.setTool(name);
    setTool(name);
  }
  function goFull(): void {
    const change = document.fullscreenElement ? document.exitFullscreen() : root.current?.requestFullscreen();
    // A browser may refuse: then nothing happens.
    void change?.catch(() => {});
  }

  useViewerKeys({
    scrollBy: (by) => void controller?.scrollBy(by),
    first: () => void controller?.goTo(0),
    last: () => void controller?.goTo(count - 1),
    window: (index) => windows[index] && controller?.setWindow(windows[index]),
    nextSeries: (by) => {
      const at = study.series.findIndex((one) => one.seriesId === seriesId);
      choose(study.series[(at + by + study.series.length) % study.series.length]?.seriesId);
    },
    tool: chooseTool,
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
        onTool={chooseTool}
        windows={windows}
        windowName={windowName}
        onWindow={(window) => controller?.setWindow(window)}
        isInverted={shown.isInverted}
        onInvert={() => controller?.invert()}
        onFit={() => controller?.fit()}
        onReset={() => controller?.reset()}
        cine={count > 1 ? cine : undefined}
        isReportOpen={isReportOpen}
        onReport={() => setIsReportOpen((was) => !was)}
        onFull={goFull}
        onHelp={() => setIsHelpOpen(true)}
        onClose={onClose}
      />
      <div className="flex min-h-0 grow max-md:flex-col">
        <SeriesStrip series={study.series} current={seriesId} onChoose={choose} />
        <div className="relative flex min-h-0 min-w-0 grow flex-col">
          {isDocument ? <Document instances={load.instances} /> : null}
          <div
            className={`relative min-h-64 grow ${isDocument ? "hidden" : ""}`}
            onWheel={({ deltaY }) => deltaY !== 0 && void controller?.scrollBy(deltaY > 0 ? 1 : -1)}
          >
            <section
              ref={attach}
              aria-label="Images"
              // Until the picture is the one that is named beside it, none is shown and nothing is measured.
              className={`absolute inset-0 ${isReady ? "" : "pointer-events-none opacity-0"}`}
              data-testid="viewport"
              data-state={failed === undefined ? (isReady ? "ready" : "loading") : "failed"}
              data-index={shown.index}
              data-count={count}
              data-scale={shown.placed?.scale}
              data-left={shown.placed?.left}
              data-top={shown.placed?.top}
            />
            {frame && series ? (
              <Overlay
                shown={shown}
                isReady={isReady}
                frame={frame}
                count={count}
                series={series}
                study={study}
                windowName={windowName}
              />
            ) : null}
            <Failure text={failed} />
            {load.state === "loading" ? (
              <p role="status" className="absolute inset-x-0 top-1/3 text-center">
                Loading the series …
              </p>
            ) : null}
          </div>
          <ScrollBar
            index={shown.index}
            count={isDocument ? 0 : count}
            seen={seenIndexes}
            onGo={(index) => void controller?.goTo(index)}
          />
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
