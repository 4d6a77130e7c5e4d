import { useState } from "react";
import type { OpenedStudy } from "../contract.ts";
import { acquired } from "../frames/registry.ts";
import type { Arrangement } from "../layout/arrangement.ts";
import type { CellState } from "../layout/cell.tsx";
import { lossyText } from "../marks/quality.ts";
import { establishSide } from "../marks/side.ts";
import { Button } from "./button.tsx";
import { MarkRefused, type MarkSource } from "./contract.ts";
import type { MarkBook } from "./mark-book.ts";
import { keyImagesOf, makeKeyObjects, makeReport, reportableOf } from "./objects/make.ts";
import { keepFile, pictureOf } from "./picture.ts";
import { TakeStudy } from "./take-study.tsx";
import { viewOf } from "./view-link.ts";

export type GiveAwayProps = {
  opened: OpenedStudy;
  book: MarkBook;
  cells: ReadonlyMap<number, CellState>;
  arrangement: Arrangement;
  /** The number of the viewport on which keys act. */
  active: number;
};
/** What must stand on a picture, wherever it goes. */
function alwaysOn({ currency, frame, series }: CellState, source: MarkSource): string[] {
  const header = frame?.instance.header ?? {};
  const side = establishSide(header);
  return [
    [currency.text, series.modality, side.kind === "side" ? side.side : side.kind === "doubt" ? "side?" : ""]
      .filter(Boolean)
      .join(" · "),
    frame && acquired(frame.imageId) === undefined ? "COMPUTED, not acquired" : "",
    lossyText(header, frame?.instance.transferSyntaxUid ?? "") ?? "",
    source.isDemonstration ? "DEMONSTRATION: invented patient" : "",
    "For review, not for primary diagnosis",
  ].filter(Boolean);
}

type Picture = { withPatientText: boolean; isLookedAt: boolean; type: "image/png" | "image/jpeg" };

async function takePicture(cell: CellState, source: MarkSource, picture: Picture): Promise<void> {
  const canvas = cell.controller?.canvas();
  // Only what is there at full detail.
  if (!cell.frame || !cell.isReady || !canvas)
    throw new Error("Loading, not full detail: wait for the picture.");
  const { instance, frame } = cell.frame;
  const { type, ...asked } = picture;
  await source.takePicture({ instanceId: instance.instanceId, frame, ...asked });
  const patient = picture.withPatientText
    ? [...source.patientLines, `${cell.opened.study.trustName} · ${cell.opened.study.dateText}`]
    : [];
  const blob = await pictureOf(canvas, { patient, always: alwaysOn(cell, source) }, type);
  keepFile(blob, type === "image/png" ? "image.png" : "image.jpg");
}

/** An image as a file. Without patient text it is made only of what somebody has looked at, where that may be burned in. */
function Pictures({ cell, source }: { cell: CellState | undefined; source: MarkSource }) {
  const [asks, setAsks] = useState<{ text: string; type: Picture["type"] }>();
  const [said, setSaid] = useState<string>();
  if (!cell) return null;
  async function take(picture: Picture): Promise<void> {
    if (!cell) return;
    setSaid(undefined);
    setAsks(undefined);
    try {
      await takePicture(cell, source, picture);
      setSaid("The picture was taken out; that is on the record.");
    } catch (error) {
      const text = error instanceof Error ? error.message : "The picture could not be made.";
      if (error instanceof MarkRefused && error.code === "LOOK_FIRST") setAsks({ text, type: picture.type });
      else setSaid(text);
    }
  }
  const offer = (withPatientText: boolean, type: Picture["type"]) => () =>
    void take({ withPatientText, isLookedAt: false, type });
  return (
    <>
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
    </>
  );
}

const OUTCOMES: Record<string, string> = {
  accepted: "It is a series of the study now.",
  duplicate: "It was there already.",
  waiting: "It was sent and waits to be taken in.",
};

/** What leaves the reader's screen: a link, an object of the study, a picture. */
export function GiveAway({ opened, book, cells, arrangement, active }: GiveAwayProps) {
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
      <Pictures cell={cells.get(active)} source={source} />
      <TakeStudy key={opened.study.studyId} opened={opened} source={source} series={cells.get(active)} />
    </div>
  );
}
