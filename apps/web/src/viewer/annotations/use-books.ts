import { eventTarget } from "@cornerstonejs/core";
import { Enums, type Types } from "@cornerstonejs/tools";
import { useEffect, useMemo, useState } from "react";
import type { OpenedStudy } from "../contract.ts";
import type { CellState } from "../layout/cell.tsx";
import { remarkOn } from "../measure/tools.ts";
import { drawOn, eraseDrawing, eraseGone, finishedOf, redraw } from "./drawings.ts";
import { type BookMark, createMarkBook, type MarkBook } from "./mark-book.ts";

const ASK_EVERY_MS = 20_000;
/** A handle that is dragged tells of itself at each step: what is kept is where it came to rest. */
const REST_MS = 400;

export type Books = ReadonlyMap<string, MarkBook>;
type Lists = ReadonlyMap<string, readonly BookMark[]>;
type Cells = ReadonlyMap<number, CellState>;

/** One book for each open study, asked again while it is open: what others published comes in. */
function useOpenBooks(studies: readonly OpenedStudy[]): { books: Books; lists: Lists } {
  const books = useMemo(
    () =>
      new Map(
        studies.flatMap(({ study, marks }) =>
          marks ? [[study.studyId, createMarkBook(marks)] as const] : [],
        ),
      ),
    [studies],
  );
  const [lists, setLists] = useState<Lists>(new Map());
  useEffect(() => {
    const again = () => setLists(new Map([...books].map(([studyId, book]) => [studyId, book.state().marks])));
    const ends = [...books.values()].map((book) => book.subscribe(again));
    const ask = () => {
      for (const book of books.values()) void book.load();
    };
    ask();
    const timer = setInterval(ask, ASK_EVERY_MS);
    return () => {
      clearInterval(timer);
      for (const end of ends) end();
    };
  }, [books]);
  return { books, lists };
}

type Place = { studyId: string; seriesId: string };
type Asked = { books: Books; placeOf(instanceId: string): Place | undefined };

/** What a reader draws goes into its study's book. */
function useDrawing({ books, placeOf }: Asked): void {
  useEffect(() => {
    const resting = new Map<string, ReturnType<typeof setTimeout>>();
    function onDrawn(event: Event): void {
      const finished = finishedOf((event as CustomEvent<{ annotation: Types.Annotation }>).detail.annotation);
      const place = finished && placeOf(finished.instanceId);
      const book = place && books.get(place.studyId);
      if (!finished || !book) return;
      if (book.find(finished.markId)) return;
      void book.add(finished.markId, place.seriesId, finished.frame, finished.content);
    }
    function onMoved(event: Event): void {
      const { annotation } = (event as CustomEvent<{ annotation: Types.Annotation }>).detail;
      const { annotationUID: id } = annotation;
      if (!id) return;
      clearTimeout(resting.get(id));
      resting.set(
        id,
        setTimeout(() => {
          const finished = finishedOf(annotation);
          const book = finished && books.get(placeOf(finished.instanceId)?.studyId ?? "");
          const was = finished && book?.find(finished.markId)?.said?.content;
          if (!finished || !was || was.kind === "view" || was.kind === "key-image") return;
          if (JSON.stringify(was.places) === JSON.stringify(finished.content.places)) return;
          void book?.change(finished.markId, { ...finished.content, label: was.label });
        }, REST_MS),
      );
    }
    eventTarget.addEventListener(Enums.Events.ANNOTATION_COMPLETED, onDrawn);
    eventTarget.addEventListener(Enums.Events.ANNOTATION_MODIFIED, onMoved);
    return () => {
      for (const timer of resting.values()) clearTimeout(timer);
      eventTarget.removeEventListener(Enums.Events.ANNOTATION_COMPLETED, onDrawn);
      eventTarget.removeEventListener(Enums.Events.ANNOTATION_MODIFIED, onMoved);
    };
  }, [books, placeOf]);
}

/** What stands in the books is drawn on the pictures that are on the screen, and nothing else is. */
function useDrawn(lists: Lists, cells: Cells): void {
  useEffect(() => {
    for (const marks of lists.values()) eraseGone(marks);
    for (const { isReady, frame, opened } of cells.values()) {
      const marks = lists.get(opened.study.studyId);
      if (isReady && frame && marks) drawOn(frame.imageId, marks);
    }
    redraw();
  }, [cells, lists]);
}

/** Where each image on the screen lies, and that what is measured on it is of a prior. */
function usePlaces(cells: Cells): (instanceId: string) => Place | undefined {
  const places = useMemo(() => new Map<string, Place>(), []);
  useEffect(() => {
    for (const { hung, instances, currency } of cells.values()) {
      const ids = instances.map(({ instanceId }) => instanceId);
      for (const id of ids) places.set(id, { studyId: hung.studyId, seriesId: hung.seriesId });
      remarkOn(ids, currency.kind === "current" ? undefined : currency.text);
    }
  }, [cells, places]);
  return useMemo(() => (instanceId) => places.get(instanceId), [places]);
}

/** A drawing that goes with its reader: the next study begins without it. */
function useClearedAtEnd(books: Books): void {
  useEffect(
    () => () => {
      for (const book of books.values()) for (const { markId } of book.state().marks) eraseDrawing(markId);
    },
    [books],
  );
}

export function useBooks(studies: readonly OpenedStudy[], cells: Cells): Books {
  const { books, lists } = useOpenBooks(studies);
  const placeOf = usePlaces(cells);
  useDrawing({ books, placeOf });
  useDrawn(lists, cells);
  useClearedAtEnd(books);
  return books;
}
