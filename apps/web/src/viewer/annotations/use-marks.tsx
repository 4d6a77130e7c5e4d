import { Bookmark, ListChecks } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { OpenedStudy } from "../contract.ts";
import { acquired } from "../frames/registry.ts";
import { libraryOf } from "../frames/series-library.ts";
import type { Arrangement } from "../layout/arrangement.ts";
import type { CellState } from "../layout/cell.tsx";
import { isTyping } from "../ui/keys.ts";
import { Tool } from "../ui/toolbar.tsx";
import type { MarkedFrame, View } from "./contract.ts";
import { drawMoved } from "./drawings.ts";
import { GiveAway } from "./give-away.tsx";
import { useJumps } from "./jumps.tsx";
import { MarksPanel } from "./marks-panel.tsx";
import { useBooks } from "./use-books.ts";

type Place = MarkedFrame & { studyId: string; seriesId: string };
type Asked = {
  studies: readonly OpenedStudy[];
  cells: ReadonlyMap<number, CellState>;
  arrangement: Arrangement;
  /** The number of the viewport on which keys act: on a second screen it is in no arrangement of the first. */
  active: number;
  /** The window of the second screen: its keys are the viewer's, too. */
  second: Window | undefined;
  /** Hangs a series in the active viewport, at this image of it. */
  onHang(choice: { studyId: string; seriesId: string }, index: number): void;
  restored: View | undefined;
};
/** `close`: whether there was a list to close. */
export type Marks = {
  key(): void;
  toggle(): void;
  toolbar: ReactNode;
  panel: ReactNode;
  close(): boolean;
};

type MarkKeys = { undo(): void; redo(): void };

/** Undo and redo as everywhere. */
function useMarkKeys(keys: MarkKeys, second: Window | undefined): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (isTyping(event.target) || event.altKey || !(event.ctrlKey || event.metaKey)) return;
      const { undo, redo } = latest.current;
      const run = { z: event.shiftKey ? redo : undo, y: redo }[event.key.toLowerCase()];
      if (!run) return;
      event.preventDefault();
      run();
    }
    window.addEventListener("keydown", onKey);
    second?.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
      second?.removeEventListener("keydown", onKey);
    };
  }, [second]);
}

/** Once what a link hung stands in its viewport it is looked at as it was; from then on it is this reader's own. */
function useRestored(restored: View | undefined, cells: ReadonlyMap<number, CellState>): void {
  const done = useRef(new Set<number>());
  const of = useRef(restored);
  useEffect(() => {
    if (of.current !== restored) done.current.clear();
    of.current = restored;
    for (const [at, { isReady, controller, frames, frame, hung }] of cells) {
      const pane = restored?.panes[at];
      if (!pane || !isReady || !controller || done.current.has(at) || pane.seriesId !== hung.seriesId)
        continue;
      const index = frames.findIndex(
        (one) => one.instance.instanceId === pane.instanceId && one.frame === (pane.frame ?? 1),
      );
      if (index >= 0 && frames[index] !== frame) {
        void controller.goTo(index);
        continue;
      }
      done.current.add(at);
      if (pane.window) controller.setWindow(pane.window);
      if (pane.isInverted) controller.invert();
      if (pane.zoom && pane.middle) controller.lookAs({ zoom: pane.zoom, middle: pane.middle });
    }
  }, [restored, cells]);
}

async function indexOf(studies: readonly OpenedStudy[], place: Place): Promise<number> {
  const opened = studies.find(({ study }) => study.studyId === place.studyId);
  if (!opened) return -1;
  const { frames } = await libraryOf(opened.source).series(place.seriesId);
  return frames.findIndex(
    ({ instance, frame }) => instance.instanceId === place.instanceId && frame === place.frame,
  );
}

export function useMarks({ studies, cells, arrangement, active, second, onHang, restored }: Asked): Marks {
  const [isOpen, setIsOpen] = useState(false);
  const books = useBooks(studies, cells);
  useRestored(restored, cells);
  const cell = cells.get(active);
  const opened = cell?.opened ?? studies[0];
  const book = opened && books.get(opened.study.studyId);
  const { instance, frame = 1 } = cell?.frame ?? {};
  // What nobody acquired has no place to be found again.
  const mayKey =
    cell?.isReady === true && cell.frame !== undefined && acquired(cell.frame.imageId) !== undefined;
  const isKey = (book?.state().marks ?? []).some(
    ({ kind, state, said }) =>
      kind === "key-image" &&
      state !== "withdrawn" &&
      said?.frame?.instanceId === instance?.instanceId &&
      said?.frame?.frame === frame,
  );

  function markKey(): void {
    // Only what is on the canvas at full detail.
    if (!book || !cell || !mayKey || !instance) return;
    setIsOpen(true);
    if (isKey) return;
    const at = { instanceId: instance.instanceId, instanceVersion: instance.version, frame };
    void book.add(crypto.randomUUID(), cell.hung.seriesId, at, { kind: "key-image", note: "" });
  }
  async function jump(place: MarkedFrame & { seriesId: string }): Promise<void> {
    if (!opened) return;
    const [{ studyId }, { seriesId }] = [opened.study, place];
    const index = await indexOf(studies, { ...place, studyId });
    if (index < 0) return;
    if (cell?.hung.seriesId === seriesId && cell.controller) void cell.controller.goTo(index);
    else onHang({ studyId, seriesId }, index);
  }
  useJumps(({ seriesInstanceUid, sopInstanceUid, frame: asked }) => {
    const series = opened?.study.series.find((one) => one.seriesInstanceUid === seriesInstanceUid);
    if (!opened || !series) return;
    const choice = { studyId: opened.study.studyId, seriesId: series.seriesId };
    void libraryOf(opened.source)
      .series(series.seriesId)
      .then(({ frames }) =>
        frames.findIndex(
          ({ instance: of, frame: at }) => of.sopInstanceUid === sopInstanceUid && at === asked,
        ),
      )
      .then((index) => index >= 0 && onHang(choice, index));
  });
  useMarkKeys(
    {
      undo: () => void book?.undo().then(() => drawMoved(book.state().marks)),
      redo: () => void book?.redo().then(() => drawMoved(book.state().marks)),
    },
    second,
  );

  return {
    key: markKey,
    toggle: () => setIsOpen((was) => !was),
    close() {
      setIsOpen(false);
      return isOpen;
    },
    toolbar: book ? (
      <>
        <Tool name="Key image (K)" isOn={isKey} disabled={!mayKey} onClick={markKey}>
          <Bookmark aria-hidden size={18} />
        </Tool>
        <Tool name="Marks (U)" isOn={isOpen} onClick={() => setIsOpen((was) => !was)}>
          <ListChecks aria-hidden size={18} />
        </Tool>
      </>
    ) : null,
    panel:
      isOpen && book && opened ? (
        <MarksPanel
          book={book}
          studyText={`${opened.study.description ?? "Study"}, ${opened.study.dateText}`}
          onJump={(place) => void jump(place)}
          more={
            <GiveAway
              opened={opened}
              book={book}
              books={books}
              cells={cells}
              arrangement={arrangement}
              active={active}
            />
          }
        />
      ) : null,
  };
}
