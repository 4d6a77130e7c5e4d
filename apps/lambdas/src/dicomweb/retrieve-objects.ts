import type { Front } from "@weald/adapters/front";
import type { Retrieved } from "@weald/core/study";
import { multipartBody, newBoundary, type PartOut, serveObject } from "@weald/dicom";
import { baseUrlOf } from "./base-url.ts";
import { type Door, refuse } from "./door.ts";
import { PixelsUnreadable } from "./pixels/pixels-unreadable.ts";
import type { DoorRequest, DoorResponse } from "./respond.ts";
import { covers, DICOM, notAcceptable, syntaxFor, type Wish, wishesOf } from "./retrieve-accept.ts";
import { askStudy, type Behind, pagesOf } from "./retrieve-ask.ts";
import { differing, etagOf, isUnchanged, notModified, PRIVATE, rangeOf } from "./retrieve-headers.ts";
import { pathOf, type Target, uidsOf } from "./retrieve-target.ts";
import { ahead, begin, collect, lazily, storeOf } from "./stored-bytes.ts";
import { canDecode, decodedObject, isUnpackedFor } from "./transcode.ts";

/** What a function may stream in one answer. @see AWS Lambda quotas (response streaming) */
export const MOST_STREAMED_BYTES = 200 * 1000 * 1000;
/** Objects up to this size are read whole, a few ahead; larger ones stream. */
const SMALL_BYTES = 1024 * 1024;

type Ticket = Awaited<ReturnType<typeof askPage>>;
type Served = { instance: Retrieved; transferSyntaxUid: string };

const DICOM_WISH = (wish: Wish) => covers(wish.type, DICOM);

const askPage = (door: Door, target: Target, asStored: string[] | "all", behind: Behind | undefined) =>
  askStudy(door, "study.retrieve", { ...uidsOf(target), asStored, ...behind });

/** Transfer syntaxes that go out as they lie for every wish; of others the frames come with the ticket. */
function asStoredOf(wishes: readonly Wish[]): string[] | "all" {
  const named = wishes.map(({ transferSyntaxUid }) => transferSyntaxUid);
  if (named.every((uid) => uid === "*")) return "all";
  const native = [
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.1.99",
  ];
  return [...native, ...named.filter((uid) => uid !== undefined && uid !== "*").map(String)];
}

/** The first wish that this object can be given for. @throws {DoorRefused} 406 */
function servedFor(instance: Retrieved, wishes: readonly Wish[]): Served {
  for (const wish of wishes) {
    const transferSyntaxUid = syntaxFor(
      wish,
      instance.transferSyntaxUid,
      canDecode(instance, instance.coded?.pixels ?? {}),
    );
    if (transferSyntaxUid !== undefined) return { instance, transferSyntaxUid };
  }
  return notAcceptable([`${DICOM}; transfer-syntax=${instance.transferSyntaxUid}`]);
}

const isAsItLies = ({ instance, transferSyntaxUid }: Served) =>
  instance.hasMetaHeader && !instance.changed && instance.transferSyntaxUid === transferSyntaxUid;

/** One object as it goes out. What can't be unpacked is refused before the first byte. @throws {PixelsUnreadable} */
async function objectBytes(archive: Front["archive"], served: Served): Promise<AsyncIterable<Uint8Array>> {
  const { instance, transferSyntaxUid } = served;
  const { objectKey, sopClassUid, sopInstanceUid, changed = {} } = instance;
  if (isAsItLies(served)) return lazily(() => archive.read(objectKey));
  const as = { transferSyntaxUid, sopClassUid, sopInstanceUid };
  if (!isUnpackedFor(instance, transferSyntaxUid))
    return serveObject(
      lazily(() => archive.read(objectKey)),
      { ...as, changed },
    );
  const decoded = await decodedObject(archive, instance);
  const head = lazily(() => archive.read(objectKey, { offset: 0, length: decoded.headLength }));
  return serveObject(head, { ...as, changed: { ...changed, ...decoded.changed }, decoded: decoded.pixels });
}

/** What can't be unpacked is told as such, with what there is. */
export async function readable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof PixelsUnreadable)) throw error;
    return refuse(
      "unsupported",
      "PIXELS_UNREADABLE",
      "The pixels of this object can't be unpacked here. They can be had as they are stored: transfer-syntax=*.",
    );
  }
}

const tooLarge = (bytes: number): never =>
  refuse(
    "too_large",
    "RETRIEVE_TOO_LARGE",
    `This is ${Math.ceil(bytes / 1e6)} MB, and one answer takes 200 MB. Ask for less at a time: …/series/{series}, …/series/{series}/instances/{instance}, …/frames/{list}, or …/bulkdata/7FE00010 with a Range.`,
  );

const dispositionOf = ({ sopInstanceUid }: Retrieved) => ({
  "content-disposition": `attachment; filename="${sopInstanceUid}.dcm"`,
});

async function single(
  door: Door,
  request: DoorRequest,
  ticket: Ticket,
  served: Served,
): Promise<DoorResponse> {
  const { instance, transferSyntaxUid } = served;
  const etag = etagOf(ticket.scope?.mark ?? "", `single ${transferSyntaxUid}`);
  if (isUnchanged(request, etag)) return notModified(etag);
  const headers = {
    ...PRIVATE,
    ...differing(ticket),
    ...dispositionOf(instance),
    etag,
    "content-type": `${DICOM}; transfer-syntax=${transferSyntaxUid}`,
  };
  const archive = storeOf(door.front, instance);
  if (!isAsItLies(served))
    return { status: 200, headers, body: await readable(objectBytes(archive, served)) };
  return ranged(request, headers, instance.sizeBytes, (span) => archive.read(instance.objectKey, span));
}

/** A resource whose length is known, whole or one range of it. */
export function ranged(
  { headers: asked }: DoorRequest,
  headers: Record<string, string>,
  size: number,
  read: (span: { offset: number; length: number } | undefined) => Promise<AsyncIterable<Uint8Array>>,
): DoorResponse {
  const isStale = asked["if-range"] !== undefined && asked["if-range"] !== headers.etag;
  const range = isStale ? undefined : rangeOf(asked.range, size);
  if (range === "unsatisfiable")
    return { status: 416, headers: { ...PRIVATE, "content-range": `bytes */${size}` } };
  const whole = { ...headers, "accept-ranges": "bytes" };
  if (!range)
    return {
      status: 200,
      headers: { ...whole, "content-length": String(size) },
      body: lazily(() => read(undefined)),
    };
  const { offset, length } = range;
  return {
    status: 206,
    headers: {
      ...whole,
      "content-length": String(length),
      "content-range": `bytes ${offset}-${offset + length - 1}/${size}`,
    },
    body: lazily(() => read(range)),
  };
}

async function* instancesOf(pages: AsyncIterable<Ticket>): AsyncGenerator<Retrieved> {
  for await (const { instances } of pages) yield* instances;
}

async function partOf(
  archive: Front["archive"],
  served: Served,
  address: string,
  target: Target,
): Promise<PartOut> {
  const { instance, transferSyntaxUid } = served;
  const bytes = await objectBytes(archive, served);
  return {
    headers: {
      "Content-Type": `${DICOM}; transfer-syntax=${transferSyntaxUid}`,
      "Content-Location": `${address}${pathOf(target, instance)}`,
    },
    body: instance.sizeBytes <= SMALL_BYTES && !instance.coded ? await collect(bytes) : bytes,
  };
}

/** Study, series and instance. @see DICOM PS3.18 §10.4 */
export async function retrieveObjects(
  door: Door,
  request: DoorRequest,
  target: Target,
): Promise<DoorResponse> {
  const wishes = wishesOf(request).filter(DICOM_WISH);
  if (wishes.length === 0) notAcceptable([`multipart/related; type="${DICOM}"`, DICOM]);
  const asStored = asStoredOf(wishes);
  const ticket = await askPage(door, target, asStored, undefined);
  const count = ticket.scope?.count ?? 0;
  const bytes = (asStored === "all" ? ticket.scope?.storedBytes : ticket.scope?.decodedBytes) ?? 0;
  const [only] = ticket.instances;
  const usable = wishes.filter(({ isMultipart }) => isMultipart || count === 1);
  if (usable.length === 0) notAcceptable([`multipart/related; type="${DICOM}"`]);
  const served = ticket.instances.map((instance) => servedFor(instance, usable));
  if (usable[0]?.isMultipart === false && only && served[0]) {
    if (bytes > MOST_STREAMED_BYTES && !request.headers.range) tooLarge(bytes);
    return single(door, request, ticket, served[0]);
  }
  if (bytes > MOST_STREAMED_BYTES) tooLarge(bytes);
  return multipart(door, request, target, ticket, usable, asStored);
}

async function multipart(
  door: Door,
  request: DoorRequest,
  target: Target,
  ticket: Ticket,
  wishes: readonly Wish[],
  asStored: string[] | "all",
): Promise<DoorResponse> {
  const etag = etagOf(ticket.scope?.mark ?? "", JSON.stringify(wishes));
  if (isUnchanged(request, etag)) return notModified(etag);
  const boundary = newBoundary();
  const address = baseUrlOf(request);
  const instances = instancesOf(pagesOf(ticket, (behind) => askPage(door, target, asStored, behind)));
  const parts = ahead(instances, (instance) =>
    partOf(storeOf(door.front, instance), servedFor(instance, wishes), address, target),
  );
  const begun = await readable(begin(parts));
  return {
    status: 200,
    headers: {
      ...PRIVATE,
      ...differing(ticket),
      etag,
      "content-type": `multipart/related; type="${DICOM}"; boundary=${boundary}`,
    },
    body: multipartBody(begun, boundary),
  };
}
