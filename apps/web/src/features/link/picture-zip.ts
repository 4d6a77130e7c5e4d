import { makeZip } from "client-zip";
import type { picturesOf, Run } from "#viewer/patient/pictures-of.ts";
import { indexPage, noteTaken } from "./files-of.ts";
import { mineSource } from "./mine-source.ts";
import { indexName, titleOf, type ZipAsked } from "./study-zip.ts";

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

type PlacedRun = Run & { place: number; instanceIds: string[] };

/** What of each series lies in the part. */
function runsOf({ pieces }: PicturesAsked["part"]): PlacedRun[] {
  const runs: PlacedRun[] = [];
  for (const { seriesId, place, at, instanceId } of pieces) {
    const last = runs.at(-1);
    if (last?.seriesId !== seriesId) {
      runs.push({ seriesId, place, from: at, to: at, instanceIds: [instanceId] });
      continue;
    }
    last.to = at;
    if (last.instanceIds.at(-1) !== instanceId) last.instanceIds.push(instanceId);
  }
  return runs;
}

async function* entriesOf(asked: PicturesAsked) {
  const { door, study, trust, part, draw, onFile } = asked;
  const [names, lastModified, title] = [[] as string[], new Date(), titleOf(asked)];
  const source = mineSource(study, asked.onRefused);
  const textOf = (at: number, count: number) => [
    `${title}, ${trust}`,
    `Picture ${at} of ${count}. A copy to look at, not for diagnosis.`,
  ];
  let left = 0;
  for (const { place, instanceIds, ...run } of runsOf(part)) {
    await noteTaken(door, study.studyId, instanceIds);
    for await (const { at, blob } of draw(source, run, textOf)) {
      if (!blob) {
        left += 1;
        continue;
      }
      const name = `pictures/set-${place}/${String(at).padStart(4, "0")}.jpg`;
      names.push(name);
      yield { name, lastModified, input: blob };
      onFile(names.length);
    }
  }
  yield { name: indexName(part), lastModified, input: indexOf(asked, names, left) };
}

/** A part of what a link shows of a study, as JPEGs with a page that shows them all: for whoever has no program for DICOM. */
export const pictureZip = (asked: PicturesAsked): ReadableStream<Uint8Array> => makeZip(entriesOf(asked));
