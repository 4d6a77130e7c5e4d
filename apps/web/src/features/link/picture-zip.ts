import { makeZip } from "client-zip";
import type { picturesOf } from "#viewer/patient/pictures-of.ts";
import { indexPage, instancesOf, noteTaken } from "./files-of.ts";
import { mineSource } from "./mine-source.ts";
import { titleOf, type ZipAsked } from "./study-zip.ts";

export type PicturesAsked = ZipAsked & { draw: typeof picturesOf; onRefused(): void };

function indexOf(asked: PicturesAsked, names: readonly string[], left: number): string {
  const lines = [
    `From ${asked.trust}. These are ${names.length} pictures for you to keep.`,
    ...(left > 0
      ? [`${left} more can't be made into pictures. Ask the hospital if you want to see them.`]
      : []),
    "They are copies to look at: please don't judge your health by them alone. Keep them safe: whoever has them can see them.",
  ];
  return indexPage({ title: titleOf(asked), lines, names, as: "pictures" });
}

async function* entriesOf(asked: PicturesAsked) {
  const { door, study, trust, draw, onFile } = asked;
  const [names, lastModified, title] = [[] as string[], new Date(), titleOf(asked)];
  const source = mineSource(study, asked.onRefused);
  const textOf = (at: number, count: number) => [
    `${title}, ${trust}`,
    `Picture ${at} of ${count}. A copy to look at, not for diagnosis.`,
  ];
  let left = 0;
  for (const [place, { seriesId }] of study.series.entries()) {
    await noteTaken(door, study.studyId, await instancesOf(door, study, seriesId));
    for await (const { at, blob } of draw(source, seriesId, textOf)) {
      if (!blob) {
        left += 1;
        continue;
      }
      const name = `pictures/set-${place + 1}/${String(at).padStart(4, "0")}.jpg`;
      names.push(name);
      yield { name, lastModified, input: blob };
      onFile(names.length);
    }
  }
  yield { name: "index.html", lastModified, input: indexOf(asked, names, left) };
}

/** What a link shows of a study, as JPEGs with a page that shows them all: for whoever has no program for DICOM. */
export const pictureZip = (asked: PicturesAsked): ReadableStream<Uint8Array> => makeZip(entriesOf(asked));
