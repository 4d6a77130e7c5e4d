import { makeZip } from "client-zip";
import { type Door, filesOf, indexPage, NotWhole } from "./files-of.ts";
import type { OpenStudy } from "./mine-client.ts";
import type { Part, Piece } from "./parts-of.ts";
import { plainDay } from "./plain-names.ts";

export type ZipAsked = {
  study: OpenStudy;
  name: string;
  trust: string;
  door: Door;
  part: Part<Piece>;
  onFile(files: number): void;
};

const partOf = ({ at, count }: ZipAsked["part"]) => (count > 1 ? `, part ${at} of ${count}` : "");
export const titleOf = ({ study, name, part }: ZipAsked): string =>
  `${name}, ${plainDay(study.studyDate ?? study.studiedAt)}${partOf(part)}`;
/** Parts that are unpacked into one folder keep their pages. */
export const indexName = ({ at, count }: ZipAsked["part"]): string =>
  count > 1 ? `index-${at}.html` : "index.html";
const numbered = (letter: string, number: number) => `${letter}${String(number).padStart(7, "0")}`;

function indexOf(asked: ZipAsked, names: readonly string[]): string {
  const lines = [
    `From ${asked.trust}. These ${names.length} files are DICOM images, which a doctor's program opens. Give the whole folder to them.`,
    "They are copies to look at, not for primary diagnosis. Keep them safe: whoever has them can see the images.",
  ];
  return indexPage({ title: titleOf(asked), lines, names, as: "files" });
}

async function* entriesOf(asked: ZipAsked) {
  const { door, study, part, onFile } = asked;
  const names: string[] = [];
  const lastModified = new Date();
  const files = filesOf(
    door,
    study.studyId,
    part.pieces.map(({ instanceId }) => instanceId),
  );
  for (const { place, at } of part.pieces) {
    const file = await files.next();
    if (file.done) throw new NotWhole();
    // Numbered in the study, not in the part: parts are unpacked into one folder.
    const name = `DICOM/${numbered("S", place)}/${numbered("I", at)}`;
    names.push(name);
    yield { name, lastModified, input: file.value };
    onFile(names.length);
  }
  yield { name: indexName(part), lastModified, input: indexOf(asked, names) };
}

/** A part of what a link shows of a study, as DICOM files with a page that says what they are. Nothing but the file on its way is held. */
export const studyZip = (asked: ZipAsked): ReadableStream<Uint8Array> => makeZip(entriesOf(asked));
