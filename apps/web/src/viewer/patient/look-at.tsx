"use client";
import { ChevronLeft, ChevronRight, Pause, Play, ZoomIn, ZoomOut } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { useCine } from "../stack/use-cine.ts";
import { BlobPicture } from "../ui/blob-picture.tsx";
import { isForFocused } from "../ui/use-viewer-keys.ts";
import { enlarged } from "./gestures.ts";
import type { LookedAt, PictureController } from "./looked-at.ts";
import { useFingers } from "./use-fingers.ts";
import { useWheel } from "./use-wheel.ts";

const MIDDLE = { x: 0, y: 0 };
const CLOSER = 1.5;

export type LookAtProps = {
  /** In plain words: "Chest X-ray". */
  name: string;
  /** Small, and there before the first full picture is. */
  preview: string | undefined;
  /** What is drawn; nothing while that isn't known. */
  at: LookedAt | undefined;
  /** The series can't be had, or has no picture. */
  isFailed?: boolean;
};

function Control({
  label,
  onClick,
  isOff,
  children,
}: {
  label: string;
  onClick(): void;
  isOff?: boolean;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      disabled={isOff}
      onClick={onClick}
      className="inline-flex size-12 shrink-0 items-center justify-center rounded-full border border-white/70 bg-black text-white disabled:opacity-40"
    >
      {children}
    </button>
  );
}

const closerBy = (controller: PictureController | undefined, factor: number): void =>
  controller?.setView(enlarged(controller.view(), factor, MIDDLE, 1));

type Acts = ReadonlyMap<string, () => unknown>;

const actsOf = (controller: PictureController | undefined, count: number, play: () => void): Acts =>
  new Map<string, () => unknown>([
    ["ArrowDown", () => controller?.scrollBy(1)],
    ["ArrowRight", () => controller?.scrollBy(1)],
    ["ArrowUp", () => controller?.scrollBy(-1)],
    ["ArrowLeft", () => controller?.scrollBy(-1)],
    ["PageDown", () => controller?.scrollBy(10)],
    ["PageUp", () => controller?.scrollBy(-10)],
    ["Home", () => controller?.goTo(0)],
    ["End", () => controller?.goTo(count - 1)],
    [" ", play],
    ["+", () => closerBy(controller, CLOSER)],
    ["-", () => closerBy(controller, 1 / CLOSER)],
    ["0", () => closerBy(controller, 0)],
  ]);

function useKeys(controller: PictureController | undefined, count: number, play: () => void): void {
  const acts = useRef<Acts>(new Map());
  acts.current = actsOf(controller, count, play);
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const act = acts.current.get(event.key);
      if (!act || event.ctrlKey || event.metaKey || event.altKey || isForFocused(event)) return;
      event.preventDefault();
      act();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

/** A picture, what moves it, and what is said while it isn't there. */
export function LookAt({ name, preview, at, isFailed = false }: LookAtProps) {
  const { controller, frames = [], index = 0 } = at ?? {};
  const count = frames.length;
  const header = useMemo(() => frames[0]?.instance.header, [frames]);
  const cine = useCine(controller, count, header);
  const fingers = useFingers(controller, count);
  const wheel = useWheel({ controller, index, count });
  useKeys(controller, count, cine.toggle);
  // Whoever opened it goes on by keys at once, and Space leaves nothing.
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus({ preventScroll: true }), []);

  const state = isFailed ? "failed" : (at?.state ?? "loading");
  const place = `Picture ${index + 1} of ${count}`;
  const held = controller ? frames.filter(({ imageId }) => controller.isCached(imageId)).length : 0;
  return (
    <div className="flex min-h-0 grow flex-col">
      <section
        ref={section}
        tabIndex={-1}
        aria-label={count > 1 ? `${name}, ${place}` : name}
        data-testid="picture"
        data-state={state}
        data-index={index}
        data-held={held}
        data-scale={at?.scale}
        className="relative min-h-0 grow bg-black"
      >
        {preview && state === "loading" ? (
          <BlobPicture
            src={preview}
            alt=""
            className="absolute inset-0 size-full object-contain opacity-60"
          />
        ) : null}
        <div ref={at?.attach} className={`absolute inset-0 ${state === "ready" ? "" : "invisible"}`} />
        <div ref={wheel} className="absolute inset-0 touch-none" {...fingers} />
        {state === "loading" ? (
          <p role="status" className="absolute inset-x-0 top-4 text-center">
            <span className="rounded bg-black px-3 py-2 text-lg text-white">Loading the full picture …</span>
          </p>
        ) : null}
        {state === "failed" ? (
          <p
            role="alert"
            className="absolute inset-x-4 top-1/3 rounded bg-black p-4 text-center text-lg text-white"
          >
            This picture can't be shown here. Nothing is wrong with it: ask the hospital if you want to see
            it.
          </p>
        ) : null}
      </section>
      <div className="flex flex-col gap-2 px-3 py-3">
        {count > 1 ? (
          <label className="flex flex-col gap-1 text-center text-white">
            <span aria-live="off">{place}</span>
            <input
              type="range"
              min={1}
              max={count}
              value={index + 1}
              aria-label="Which picture"
              aria-valuetext={place}
              onChange={(event) => {
                cine.stop();
                void controller?.goTo(Number(event.target.value) - 1);
              }}
              className="h-8 w-full accent-white"
            />
          </label>
        ) : null}
        <div className="flex flex-wrap items-center justify-center gap-3">
          {count > 1 ? (
            <>
              <Control label="Picture before" onClick={() => void controller?.scrollBy(-1)}>
                <ChevronLeft aria-hidden />
              </Control>
              <Control label={cine.isPlaying ? "Stop" : "Play"} onClick={cine.toggle}>
                {cine.isPlaying ? <Pause aria-hidden /> : <Play aria-hidden />}
              </Control>
              <Control label="Next picture" onClick={() => void controller?.scrollBy(1)}>
                <ChevronRight aria-hidden />
              </Control>
            </>
          ) : null}
          <Control label="Larger" onClick={() => closerBy(controller, CLOSER)}>
            <ZoomIn aria-hidden />
          </Control>
          <Control label="Smaller" onClick={() => closerBy(controller, 1 / CLOSER)}>
            <ZoomOut aria-hidden />
          </Control>
        </div>
      </div>
    </div>
  );
}
