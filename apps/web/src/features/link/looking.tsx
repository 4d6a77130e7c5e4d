"use client";
import { X } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useMemo, useRef, useState } from "react";
import { useWhenIdle } from "#features/shell/use-when-idle.ts";
import { Help } from "./help.tsx";
import type { MineView, OpenStudy } from "./mine-client.ts";
import { mineSource } from "./mine-source.ts";
import { QuickExit } from "./quick-exit.tsx";

const viewer = () => import("#viewer/patient/picture-viewer.tsx");

const savesData = (): boolean =>
  "connection" in navigator &&
  navigator.connection instanceof Object &&
  "saveData" in navigator.connection &&
  navigator.connection.saveData === true;

// What can't be had ahead says so when a picture is opened.
function fetchViewer(): void {
  if (!savesData()) viewer().catch(() => {});
}
function fetchViewerAndEngine(): void {
  if (!savesData())
    viewer()
      .then(({ fetchEngine }) => fetchEngine())
      .catch(() => {});
}

/**
 * While small pictures are looked at and nothing else is to do, the code that shows large ones comes, and the engine behind it where
 * one of the series needs it; not where a telephone is told to save data. No image is fetched: whoever only reads the list has opened
 * nothing.
 */
export const useViewerAhead = (isReady: boolean, needsEngine: boolean): void =>
  useWhenIdle(needsEngine ? fetchViewerAndEngine : fetchViewer, isReady);

/** Its code is fetched after small pictures and words, or once somebody looks. */
const PictureViewer = dynamic(() => viewer().then((module) => module.PictureViewer), {
  ssr: false,
  loading: () => (
    <p role="status" className="m-auto text-xl text-white">
      Loading …
    </p>
  ),
});

type Props = {
  study: OpenStudy;
  seriesId: string;
  name: string;
  preview: string | undefined;
  view: MineView;
  onRefused(): void;
  onClose(): void;
};

/** One series on the whole screen. The telephone's own way back closes it. */
export function Looking({ study, seriesId, name, preview, view, onRefused, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [hasQuestions, setHasQuestions] = useState(false);
  const { studyId, servedVersion } = study;
  // Of these alone: the view is asked for anew each 20 s, and is the same study.
  const source = useMemo(
    () => mineSource({ studyId, servedVersion }, onRefused),
    [studyId, servedVersion, onRefused],
  );
  // Beside the viewer's code, not after it. What fails here is told by the viewer, which asks again.
  useEffect(() => {
    source.instances(seriesId).catch(() => {});
  }, [source, seriesId]);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    dialog.current?.showModal();
    window.history.pushState(null, "", window.location.pathname);
    const back = () => close.current();
    window.addEventListener("popstate", back);
    return () => window.removeEventListener("popstate", back);
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={name}
      // Escape, or the telephone's way back: one way out.
      onCancel={(event) => {
        event.preventDefault();
        window.history.back();
      }}
      className="m-0 h-dvh max-h-none w-dvw max-w-none bg-black text-white open:flex open:flex-col"
    >
      <div className="flex items-center justify-between gap-3 px-3 py-2">
        <QuickExit />
        <button
          type="button"
          onClick={() => window.history.back()}
          className="inline-flex min-h-11 items-center gap-2 rounded border-2 border-current px-3 font-semibold"
        >
          <X aria-hidden /> Close
        </button>
      </div>
      <h2 className="px-3 pb-1 text-lg">{name}</h2>
      <PictureViewer source={source} seriesId={seriesId} name={name} preview={preview} />
      <div className="px-3 pb-3 text-base">
        <button
          type="button"
          aria-expanded={hasQuestions}
          onClick={() => setHasQuestions((was) => !was)}
          className="min-h-11 w-full rounded border border-white/70 px-3 font-semibold"
        >
          {view.recipient === "passed-on" ? "Where is this from?" : "Who explains this to me?"}
        </button>
        {hasQuestions ? (
          <div className="mt-2 max-h-[35dvh] overflow-auto text-ink">
            <Help {...view} />
          </div>
        ) : null}
      </div>
    </dialog>
  );
}
