import { useState } from "react";
import type { OpenedStudy } from "../contract.ts";
import type { Arrangement } from "../layout/arrangement.ts";
import type { CellState } from "../layout/cell.tsx";
import { Button } from "./button.tsx";
import { MarkRefused } from "./contract.ts";
import type { MarkBook } from "./mark-book.ts";
import { keyImagesOf, makeKeyObjects, makeReport, reportableOf } from "./objects/make.ts";
import { mayCarryMarks } from "./on-picture.ts";
import { keepFile } from "./picture.ts";
import { type PrintedPage, type PrintedPicture, PrintPage } from "./print-page.tsx";
import { type Picture, takePicture } from "./take-picture.ts";
import { TakeStudy } from "./take-study.tsx";
import { viewOf } from "./view-link.ts";

export type GiveAwayProps = {
  opened: OpenedStudy;
  book: MarkBook;
  /** Of every open study, by its id. */
  books: ReadonlyMap<string, MarkBook>;
  cells: ReadonlyMap<number, CellState>;
  arrangement: Arrangement;
  /** The number of the viewport on which keys act. */
  active: number;
};
type Asks = { text: string; type: Picture["type"] };
type PicturesProps = {
  active: number;
  cells: ReadonlyMap<number, CellState>;
  columns: number;
  books: ReadonlyMap<string, MarkBook>;
};
const UNMARKED = { marks: [], reading: { isScreening: false, isIn: false } };

/** What of a viewport can go on paper. */
const isPicture = ({ frame, shown, frames }: CellState): boolean =>
  frames.length > 0 && frame !== undefined && shown.state !== "failed";

/** An image as a file. Without patient text it is made only of what somebody has looked at, where that may be burned in or typed. */
function Pictures({ active, cells, columns, books }: PicturesProps) {
  const [asks, setAsks] = useState<Asks>();
  const [said, setSaid] = useState<string>();
  const [withDrawings, setWithDrawings] = useState(false);
  const [page, setPage] = useState<PrintedPage>();
  const cell = cells.get(active);
  const source = cell?.opened.marks;
  if (!cell || !source) return null;
  const bookOf = ({ opened }: CellState) => books.get(opened.study.studyId)?.state() ?? UNMARKED;
  const cannotCarry = withDrawings && !mayCarryMarks(bookOf(cell).reading);

  async function take(picture: Omit<Picture, "how" | "withDrawings">): Promise<void> {
    if (!cell || !source) return;
    setSaid(undefined);
    setAsks(undefined);
    try {
      const blob = await takePicture(cell, source, bookOf(cell), { ...picture, withDrawings, how: "file" });
      keepFile(blob, picture.type === "image/png" ? "image.png" : "image.jpg");
      setSaid("The picture was taken out; that is on the record.");
    } catch (error) {
      const text = error instanceof Error ? error.message : "The picture could not be made.";
      if (error instanceof MarkRefused && error.code === "LOOK_FIRST") setAsks({ text, type: picture.type });
      else setSaid(text);
    }
  }
  async function print(): Promise<void> {
    if (!source) return;
    setSaid("Making the page …");
    try {
      const pictures: PrintedPicture[] = [];
      for (const [at, one] of [...cells].toSorted(([a], [b]) => a - b)) {
        if (!one.opened.marks || !isPicture(one)) continue;
        const how = { how: "print", type: "image/png", withPatientText: true, isLookedAt: false } as const;
        const blob = await takePicture(one, one.opened.marks, bookOf(one), { ...how, withDrawings });
        const { study } = one.opened;
        const caption = `${one.currency.text} · ${study.trustName} · ${study.dateText} · ${one.series.description ?? one.series.modality}, image ${one.shown.index + 1} of ${one.frames.length}`;
        pictures.push({ key: `${at}`, blob, caption });
      }
      const { name, organisation } = source.reader;
      const by = `Printed by ${name}, ${organisation}, ${new Date().toLocaleString("en-GB")}.`;
      const { patientLines, isDemonstration } = source;
      const left = cells.size - pictures.length;
      setPage({ patientLines, isDemonstration, pictures, left, columns, by });
    } catch (error) {
      setSaid(error instanceof Error ? error.message : "The page could not be made.");
    }
  }
  const offer = (withPatientText: boolean, type: Picture["type"]) => () =>
    void take({ withPatientText, isLookedAt: false, type });
  return (
    <>
      <label className="mt-3 flex min-h-7 items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={withDrawings}
          onChange={() => {
            setAsks(undefined);
            setWithDrawings((was) => !was);
          }}
        />
        With drawings: my marks and notes, and what was presented. Segments are never in it.
      </label>
      {cannotCarry ? (
        <p className="text-sm font-semibold text-amber">
          Until your own read is in, your marks are in no picture of this screening study.
        </p>
      ) : null}
      <p className="mt-2 flex flex-wrap gap-1.5">
        <Button disabled={!cell.isReady} onClick={offer(true, "image/png")}>
          Picture (PNG)
        </Button>
        <Button disabled={!cell.isReady} onClick={offer(true, "image/jpeg")}>
          Picture (JPEG)
        </Button>
        <Button disabled={!cell.isReady} onClick={offer(false, "image/png")}>
          Without patient text
        </Button>
        <Button
          disabled={[...cells.values()].some((one) => isPicture(one) && !one.isReady)}
          onClick={() => void print()}
        >
          Print the viewports
        </Button>
      </p>
      {asks ? (
        <p role="alert" className="mt-2 text-sm">
          <strong>{asks.text}</strong>{" "}
          <Button onClick={() => void take({ withPatientText: false, isLookedAt: true, type: asks.type })}>
            I looked: nothing in it names the patient
          </Button>
        </p>
      ) : null}
      {said ? (
        <p role="status" className="mt-2 text-sm font-semibold">
          {said}
        </p>
      ) : null}
      {page ? (
        <PrintPage
          page={page}
          onDone={() => {
            setPage(undefined);
            setSaid("The page went to the printer; that is on the record.");
          }}
        />
      ) : null}
    </>
  );
}

const OUTCOMES: Record<string, string> = {
  accepted: "It is a series of the study now.",
  duplicate: "It was there already.",
  waiting: "It was sent and waits to be taken in.",
};

/** What leaves the reader's screen: a link, an object of the study, a picture. */
export function GiveAway({ opened, book, books, cells, arrangement, active }: GiveAwayProps) {
  const [said, setSaid] = useState<string>();
  const [link, setLink] = useState<string>();
  const { marks: source } = opened;
  const { marks, reading } = book.state();
  if (!source) return null;

  async function tell(work: () => Promise<string>): Promise<void> {
    setSaid("Working …");
    setSaid(await work().catch((error: unknown) => (error instanceof Error ? error.message : "It failed.")));
  }
  const sendAll = async (objects: readonly Uint8Array[]): Promise<string> => {
    let last = "There is nothing to send.";
    for (const object of objects) {
      const { outcome, message } = (await source?.send(object)) ?? { outcome: "", message: undefined };
      last = OUTCOMES[outcome] ?? message ?? "It was not taken in.";
    }
    return last;
  };
  async function makeLink(): Promise<string> {
    setLink(await source?.makeView(viewOf(arrangement, cells)));
    return "";
  }
  async function sendReport(): Promise<string> {
    const report = source && (await makeReport(opened, marks, source.reader));
    return sendAll(report ? [report] : []);
  }

  return (
    <div className="mt-3 border-t border-line pt-3">
      <p className="flex flex-wrap gap-1.5">
        <Button onClick={() => void tell(makeLink)}>Link to this view</Button>
        {reading.isScreening ? null : (
          <>
            <Button disabled={reportableOf(marks).length === 0} onClick={() => void tell(sendReport)}>
              Send my measurements (DICOM SR)
            </Button>
            <Button
              disabled={keyImagesOf(marks).length === 0}
              onClick={() => void tell(async () => sendAll(await makeKeyObjects(opened, marks)))}
            >
              Send my key images (DICOM KO)
            </Button>
          </>
        )}
      </p>
      {link ? (
        <label className="mt-2 block text-sm">
          Opens for who may see the study, and for nobody else. Your drafts aren't in it.
          <input
            readOnly
            value={link}
            aria-label="Link to this view"
            onFocus={(event) => event.target.select()}
            className="mt-1 w-full rounded border border-field bg-panel px-2 py-1 text-ink"
          />
        </label>
      ) : null}
      {said ? (
        <p role="status" className="mt-2 text-sm font-semibold">
          {said}
        </p>
      ) : null}
      <Pictures active={active} cells={cells} columns={arrangement.columns} books={books} />
      <TakeStudy key={opened.study.studyId} opened={opened} source={source} series={cells.get(active)} />
    </div>
  );
}
