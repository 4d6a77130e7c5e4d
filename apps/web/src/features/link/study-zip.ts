import { makeZip } from "client-zip";
import { type Door, filesOf, indexPage, instancesOf } from "./files-of.ts";
import type { OpenStudy } from "./mine-client.ts";
import { plainDay } from "./plain-names.ts";

export type ZipAsked = {
  study: OpenStudy;
  name: string;
  trust: string;
  door: Door;
  onFile(files: number): void;
};

export const titleOf = ({ study, name }: ZipAsked): string =>
  `${name}, ${plainDay(study.studyDate ?? study.studiedAt)}`;
const numbered = (letter: string, number: number) => `${letter}${String(number).padStart(7, "0")}`;

function indexOf(asked: ZipAsked, names: readonly string[]): string {
  const lines = [
    `From ${asked.trust}. These ${names.length} files are DICOM images, which a doctor's program opens. Give the whole folder to them.`,
    "They are copies to look at, not for primary diagnosis. Keep them safe: whoever has them can see the images.",
  ];
  return indexPage({ title: titleOf(asked), lines, names, as: "files" });
}

async function* entriesOf(asked: ZipAsked) {
  const { door, study, onFile } = asked;
  const names: string[] = [];
  const lastModified = new Date();
  for (const [place, { seriesId }] of study.series.entries()) {
    const instanceIds = await instancesOf(door, study, seriesId);
    let number = 0;
    for await (const input of filesOf(door, study.studyId, instanceIds)) {
      number += 1;
      const name = `DICOM/${numbered("S", place + 1)}/${numbered("I", number)}`;
      names.push(name);
      yield { name, lastModified, input };
      onFile(names.length);
    }
  }
  yield { name: "index.html", lastModified, input: indexOf(asked, names) };
}

/** What a link shows of a study, as DICOM files with a page that says what they are. Nothing but the file on its way is held. */
export const studyZip = (asked: ZipAsked): ReadableStream<Uint8Array> => makeZip(entriesOf(asked));
