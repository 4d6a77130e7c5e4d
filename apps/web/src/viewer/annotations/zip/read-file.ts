import type { FileToTake, MarkSource, Taken, ToTake } from "../contract.ts";

/** A file that can't be had whole: nothing of the zip may be kept then. */
export class FileNotWhole extends Error {
  readonly code = "FILE_NOT_WHOLE";
}

export type Taking = {
  source: Pick<MarkSource, "filesToTake">;
  of: ToTake;
  taken: Taken;
  signal: AbortSignal;
};
/** A file, and the page that it is signed anew with. */
export type Listed = { file: FileToTake; after: string | undefined };

/** All files, by pages. */
export async function* listed({ source, of, taken }: Taking): AsyncGenerator<Listed> {
  let after: string | undefined;
  do {
    const page = await source.filesToTake({ ...of, servedVersion: taken.servedVersion, after });
    for (const file of page.files) yield { file, after };
    after = page.next;
  } while (after);
}

const askedOf = ({ url, from }: FileToTake, signal: AbortSignal): Promise<Response> =>
  fetch(url, { signal, ...(from > 0 ? { headers: { Range: `bytes=${from}-` } } : {}) });

const isWhatWasAsked = ({ from }: FileToTake, { status }: Response) => status === (from > 0 ? 206 : 200);

/** A URL lives for half a minute: a refusal is answered once with a fresh one. A store may answer it without CORS headers. */
export async function begun(taking: Taking, { file, after }: Listed): Promise<[FileToTake, Response]> {
  const { source, of, taken, signal } = taking;
  const answer = await askedOf(file, signal).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return undefined;
  });
  if (answer && isWhatWasAsked(file, answer)) return [file, answer];
  await answer?.body?.cancel();
  const page = await source.filesToTake({ ...of, servedVersion: taken.servedVersion, after });
  const fresh = page.files.find(({ sopInstanceUid }) => sopInstanceUid === file.sopInstanceUid);
  const again = fresh && (await askedOf(fresh, signal));
  if (!fresh || !again || !isWhatWasAsked(fresh, again))
    throw new FileNotWhole("A file could not be read from the object store. Try again.");
  return [fresh, again];
}

const decoded = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));

/** Its bytes as they come, counted: a store that ends early must not go for a whole file. */
export async function* bytesOf(file: FileToTake, answer: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (file.head) yield new Uint8Array(decoded(file.head));
  let left = file.length;
  const reader = answer.body?.getReader();
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      left -= next.value.length;
      yield next.value;
    }
  } finally {
    // Whoever stopped reading it ends it; of one that is at its end nothing is left.
    await reader?.cancel().catch(() => undefined);
  }
  if (left !== 0) throw new FileNotWhole("A file came from the object store in part. Try again.");
}
