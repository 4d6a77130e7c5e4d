"use client";
import type { FrameSource } from "./contract.ts";
import { useSeries } from "./frames/use-series.ts";
import { useStack } from "./stack/use-stack.ts";

/** The first frame of a series, drawn as the viewer draws it, without its tools: to compare, never to read by. */
export function Still({ label, source, seriesId }: { label: string; source: FrameSource; seriesId: string }) {
  const load = useSeries(source, seriesId);
  const { attach, shown, failure } = useStack(load.state === "ready" ? load.frames : undefined);
  const why =
    failure ??
    (load.state === "failed" ? load.why : shown.state === "failed" ? (shown.why ?? "unknown") : undefined);
  const state = why ? "failed" : shown.state;
  return (
    <div className="relative h-80 bg-black text-white">
      <section ref={attach} aria-label={label} data-state={state} className="absolute inset-0" />
      {state === "loading" ? (
        <p role="status" className="absolute inset-x-0 top-1/3 text-center">
          Loading the picture …
        </p>
      ) : null}
      {why ? (
        <p
          role="alert"
          className="absolute inset-0 flex items-center justify-center bg-black p-4 text-center"
        >
          This picture can't be shown. {why}
        </p>
      ) : null}
    </div>
  );
}
