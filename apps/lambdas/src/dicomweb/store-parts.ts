import {
  DicomError,
  readHeader,
  readStoreRequest,
  type StoredName,
  type StorePart,
  type StoreResult,
  storedName,
} from "@weald/dicom";
import { refuse } from "./door.ts";
import type { DoorRequest } from "./respond.ts";

/** The request itself is at most 4.4 MB; images of one grey pack a thousand to one. */
const MOST_UNPACKED_BYTES = 48 * 1024 ** 2;
const MOST_PARTS = 1000;

const NO_NAME: StoredName = {
  sopClassUid: undefined,
  sopInstanceUid: undefined,
  studyInstanceUid: undefined,
  seriesInstanceUid: undefined,
};

export type ObjectToStore = { name: StoredName; bytes: Uint8Array; clearsPreamble: boolean };
export type Received = { object: ObjectToStore } | { refused: StoreResult };

async function allOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* once(bytes: Uint8Array | undefined): AsyncGenerator<Uint8Array> {
  if (bytes) yield bytes;
}

/** Who the object says that it is. One that can't be read goes the same way in, and is refused there with its reason. */
async function namesOf(bytes: Uint8Array): Promise<Omit<ObjectToStore, "bytes">> {
  try {
    const { dataset, clearsPreamble } = await readHeader(once(bytes));
    return { name: storedName(dataset), clearsPreamble };
  } catch (error) {
    if (error instanceof DicomError) return { name: NO_NAME, clearsPreamble: false };
    throw error;
  }
}

const failed = (name: StoredName, code: string, message: string): Received => ({
  refused: { name, outcome: "failed", code, message },
});

async function receivedOf({ refused, body }: StorePart, wantedStudy: string | undefined): Promise<Received> {
  const bytes = await allOf(body);
  if (refused) return failed(NO_NAME, refused.code, refused.message);
  const { name, clearsPreamble } = await namesOf(bytes);
  const { studyInstanceUid } = name;
  if (wantedStudy !== undefined && studyInstanceUid !== undefined && studyInstanceUid !== wantedStudy)
    return failed(
      name,
      "STUDY_UID_DIFFERS",
      "The object belongs to another study than the one at this address.",
    );
  return { object: { name, bytes, clearsPreamble } };
}

/** What can't be taken apart is refused whole, before any of it is kept: its sender has it still. */
function refuseWhole(error: unknown): never {
  if (!(error instanceof DicomError)) throw error;
  const { kind, code, message } = error;
  return kind === "unsupported" ? refuse(kind, code, message, 415) : refuse(kind, code, message);
}

/** The objects of the request. All of it is here already; nothing has been kept yet. */
export async function receivedIn(
  { headers, body }: DoorRequest,
  wantedStudy: string | undefined,
): Promise<Received[]> {
  const head = { contentType: headers["content-type"], contentEncoding: headers["content-encoding"] };
  const received: Received[] = [];
  try {
    for await (const part of readStoreRequest(head, once(body), MOST_UNPACKED_BYTES)) {
      if (received.length === MOST_PARTS)
        refuse("too_large", "TOO_MANY_PARTS", `At most ${MOST_PARTS} objects go into one request here.`);
      received.push(await receivedOf(part, wantedStudy));
    }
  } catch (error) {
    refuseWhole(error);
  }
  return received;
}
