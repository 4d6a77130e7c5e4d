import { type DirectoryEntry, writeDicomdir } from "@weald/dicom/dicomdir";
import { makeZip } from "client-zip";
import type { FileToTake } from "../contract.ts";
import { begun, bytesOf, type Listed, listed, type Taking } from "./read-file.ts";
import { readMe } from "./read-me.ts";

export type ZipProgress = { files: number; bytes: number };
export type ZipAsked = Taking & {
  isDemonstration: boolean;
  series: readonly string[];
  onProgress(done: ZipProgress): void;
};

type Entry = {
  name: string;
  lastModified: Date;
  input: AsyncIterable<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer> | string;
};

/** So many files are asked for while one is written: the store's waiting times overlap, and no more is held. */
const AHEAD = 3;
async function* opened(taking: Taking): AsyncGenerator<Awaited<ReturnType<typeof begun>>> {
  const waiting: ReturnType<typeof begun>[] = [];
  const hold = (one: Listed) => {
    const promise = begun(taking, one);
    // Its failure is thrown where it is awaited.
    promise.catch(() => undefined);
    waiting.push(promise);
  };
  for await (const one of listed(taking)) {
    hold(one);
    const next = waiting.length > AHEAD ? waiting.shift() : undefined;
    if (next !== undefined) yield await next;
  }
  for (let next = waiting.shift(); next; next = waiting.shift()) yield await next;
}

const numbered = (letter: string, number: number) => `${letter}${String(number).padStart(7, "0")}`;

/** Names of eight characters, as media of any age and kind take them. @see DICOM PS3.11 §D.3.2 */
function fileIds(): (file: FileToTake) => readonly string[] {
  const series = new Map<string, { folder: string; files: number }>();
  return ({ seriesInstanceUid }) => {
    const held = series.get(seriesInstanceUid) ?? { folder: numbered("S", series.size + 1), files: 0 };
    held.files += 1;
    series.set(seriesInstanceUid, held);
    return ["DICOM", held.folder, numbered("I", held.files)];
  };
}

/** A UID of a random UUID. @see DICOM PS3.5 §B.2 */
const newUid = () => `2.25.${BigInt(`0x${crypto.randomUUID().replaceAll("-", "")}`)}`;

/** A zip that doesn't hold all that was put on the record isn't given. */
class StudyChanged extends Error {
  readonly code = "STUDY_CHANGED";
}

async function* entriesOf(asked: ZipAsked): AsyncGenerator<Entry> {
  const { taken, onProgress, isDemonstration, series } = asked;
  const lastModified = new Date();
  const idOf = fileIds();
  const directory: DirectoryEntry[] = [];
  const done = { files: 0, bytes: 0, corrected: 0 };
  async function* counted(file: FileToTake, answer: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for await (const chunk of bytesOf(file, answer)) {
      done.bytes += chunk.length;
      onProgress(done);
      yield chunk;
    }
  }
  for await (const [file, answer] of opened(asked)) {
    const fileId = idOf(file);
    const { sopClassUid, sopInstanceUid, transferSyntaxUid, directory: header } = file;
    directory.push({ fileId, sopClassUid, sopInstanceUid, transferSyntaxUid, header });
    yield { name: fileId.join("/"), lastModified, input: counted(file, answer) };
    done.files += 1;
    done.corrected += file.isCorrected ? 1 : 0;
    onProgress(done);
  }
  if (done.files !== taken.count)
    throw new StudyChanged("Images came or went while this was made. Take the study out again.");
  const dicomdir = writeDicomdir({ fileSetId: "WEALD", sopInstanceUid: newUid() }, directory);
  yield { name: "DICOMDIR", lastModified, input: new Uint8Array(dicomdir) };
  yield {
    name: "README.TXT",
    lastModified,
    input: readMe({ ...done, isDemonstration, series, madeAt: lastModified }),
  };
}

/**
 * A zip of a study's files as they are served, with its DICOMDIR: stored, not packed, written as it is read. Nothing but the
 * few files on their way is held.
 */
export const dicomZip = (asked: ZipAsked): ReadableStream<Uint8Array> => makeZip(entriesOf(asked));
