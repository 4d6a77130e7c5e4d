import { acquired } from "../frames/registry.ts";
import type { CellState } from "../layout/cell.tsx";
import { lossyText } from "../marks/quality.ts";
import { establishSide } from "../marks/side.ts";
import { remarkOf } from "../measure/tools.ts";
import { turnIn, turnText } from "../stack/placed.ts";
import type { MarkSource } from "./contract.ts";
import type { BookState } from "./mark-book.ts";
import { drawingsOn, mayCarryMarks, NO_DRAWINGS } from "./on-picture.ts";
import { pictureOf } from "./picture.ts";

/** What must stand on a picture, wherever it goes. */
function alwaysOn({ currency, frame, series, shown, look }: CellState, isDemonstration: boolean): string[] {
  const header = frame?.instance.header ?? {};
  const side = establishSide(header);
  return [
    [currency.text, series.modality, side.kind === "side" ? side.side : side.kind === "doubt" ? "side?" : ""]
      .filter(Boolean)
      .join(" · "),
    (shown.placed && turnText(turnIn(shown.placed))) ?? "",
    // Its shades, its part and its turning are in the picture whether its drawings are or not.
    look ? "Shown as somebody presented it" : "",
    frame && acquired(frame.imageId) === undefined ? "COMPUTED, not acquired" : "",
    lossyText(header, frame?.instance.transferSyntaxUid ?? "") ?? "",
    isDemonstration ? "DEMONSTRATION: invented patient" : "",
    "Not a certified medical device: for review, not for primary diagnosis",
  ].filter(Boolean);
}

export type Picture = {
  withPatientText: boolean;
  isLookedAt: boolean;
  withDrawings: boolean;
  type: "image/png" | "image/jpeg";
  how: "file" | "print";
};

/**
 * One viewport's picture, on the record as taken out before it is drawn.
 *
 * @throws {MarkRefused} `LOOK_FIRST` where text may stand in it, it is to go without, and nobody looked
 */
export async function takePicture(
  cell: CellState,
  source: MarkSource,
  book: Pick<BookState, "marks" | "reading">,
  { type, ...asked }: Picture,
): Promise<Blob> {
  const canvas = cell.controller?.canvas();
  const { frame: shown } = cell;
  // Only what is there at full detail.
  if (!shown || !cell.isReady || !canvas || !cell.shown.placed)
    throw new Error("Loading, not full detail: wait for the picture.");
  const at = { instanceId: shown.instance.instanceId, frame: shown.frame };
  const marks = mayCarryMarks(book.reading) && acquired(shown.imageId) ? book.marks : [];
  const remark = remarkOf(shown.imageId);
  const drawings = asked.withDrawings ? drawingsOn({ marks, at, look: cell.look, remark }) : NO_DRAWINGS;
  await source.takePicture({ ...at, ...asked, hasWords: drawings.hasWords });
  const isNamed = asked.withPatientText && asked.how === "file";
  const patient = isNamed
    ? [...source.patientLines, `${cell.opened.study.trustName} · ${cell.opened.study.dateText}`]
    : [];
  const overlaid = { drawings, placed: cell.shown.placed };
  const text = { patient, always: alwaysOn(cell, source.isDemonstration) };
  return pictureOf(canvas, text, type, asked.withDrawings ? overlaid : undefined);
}
