import type { OpenedStudy, ViewerInstance } from "../../contract.ts";
import { libraryOf } from "../../frames/series-library.ts";
import type { Shape } from "../contract.ts";
import type { BookMark } from "../mark-book.ts";
import { type Making, type Referred, uidOf } from "./dataset.ts";
import { keyObjects } from "./key-objects.ts";
import { isReportable, measurementReport, type Reported } from "./measurement-report.ts";
import { writeObject } from "./write-object.ts";

const [REPORT_SERIES, KEY_SERIES] = [900, 901];

/** What of one's own is published and stands: what a reader makes says who observed it, so it holds nothing of another's. */
const isMine = ({ author, state, standing }: BookMark): boolean =>
  author.isMe && state === "published" && standing === "stands";

const shapeOf = ({ said }: BookMark): Shape | undefined =>
  said && (said.content.kind === "measurement" || said.content.kind === "arrow") ? said.content : undefined;

export const reportableOf = (marks: readonly BookMark[]): BookMark[] =>
  marks.filter((mark) => {
    const shape = shapeOf(mark);
    return isMine(mark) && shape !== undefined && isReportable(shape);
  });
export const keyImagesOf = (marks: readonly BookMark[]): BookMark[] =>
  marks.filter((mark) => isMine(mark) && mark.kind === "key-image");

type Found = { instance: ViewerInstance; referred: Referred };

async function imageOf({ source, study }: OpenedStudy, { said }: BookMark): Promise<Found | undefined> {
  const series = study.series.find(({ seriesId }) => seriesId === said?.seriesId);
  if (!series || !said?.frame) return undefined;
  const { instances } = await libraryOf(source).series(series.seriesId);
  const instance = instances.find(({ instanceId }) => instanceId === said.frame?.instanceId);
  if (!instance) return undefined;
  const frame = instance.frames.length > 1 ? said.frame.frame : undefined;
  const { sopClassUid, sopInstanceUid } = instance;
  return {
    instance,
    referred: { seriesInstanceUid: series.seriesInstanceUid, sopClassUid, sopInstanceUid, frame },
  };
}

const making = (like: ViewerInstance, seriesNumber: number, description: string): Making => ({
  ...{ like: like.header, at: new Date(), seriesNumber, description },
  sopInstanceUid: uidOf(crypto.randomUUID()),
  seriesInstanceUid: uidOf(crypto.randomUUID()),
});

/** One's own published measurements as a structured report, or nothing where there are none. */
export async function makeReport(
  opened: OpenedStudy,
  marks: readonly BookMark[],
  observer: { name: string; organisation: string },
): Promise<Uint8Array | undefined> {
  const reported: Reported[] = [];
  let like: ViewerInstance | undefined;
  for (const mark of reportableOf(marks)) {
    const [shape, found] = [shapeOf(mark), await imageOf(opened, mark)];
    if (!shape || !found) continue;
    like ??= found.instance;
    reported.push({ shape, referred: found.referred, trackingUid: uidOf(mark.markId) });
  }
  if (!like) return undefined;
  return writeObject(measurementReport(making(like, REPORT_SERIES, "Measurements"), reported, observer));
}

/** One document for each note: what is noted is of all the images of its document. */
export async function makeKeyObjects(opened: OpenedStudy, marks: readonly BookMark[]): Promise<Uint8Array[]> {
  const byNote = new Map<string, Found[]>();
  for (const mark of keyImagesOf(marks)) {
    const found = await imageOf(opened, mark);
    const note = mark.said?.content.kind === "key-image" ? mark.said.content.note : "";
    if (found) byNote.set(note, [...(byNote.get(note) ?? []), found]);
  }
  const documents = [...byNote].map(([note, [first, ...rest]]) =>
    first
      ? writeObject(
          keyObjects(
            making(first.instance, KEY_SERIES, "Key images"),
            note,
            [first, ...rest].map(({ referred }) => referred),
          ),
        )
      : undefined,
  );
  return (await Promise.all(documents)).flatMap((one) => (one ? [one] : []));
}
