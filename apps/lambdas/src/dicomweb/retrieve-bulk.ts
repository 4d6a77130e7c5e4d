import type { RetrievedFrames } from "@weald/core/study";
import {
  type DicomJson,
  type DicomJsonAttribute,
  multipartBody,
  newBoundary,
  transferSyntaxOf,
} from "@weald/dicom";
import { type Door, refuse } from "./door.ts";
import type { DoorRequest, DoorResponse } from "./respond.ts";
import { covers, notAcceptable, OCTETS, wishesOf } from "./retrieve-accept.ts";
import { askStudy } from "./retrieve-ask.ts";
import { retrieveFrames } from "./retrieve-frames.ts";
import { differing, etagOf, isUnchanged, notModified, PRIVATE } from "./retrieve-headers.ts";
import { MOST_STREAMED_BYTES, ranged } from "./retrieve-objects.ts";
import { type Target, uidsOf } from "./retrieve-target.ts";
import { bytesAt, storeOf } from "./stored-bytes.ts";

const noSuchValue = (): never =>
  refuse(
    "not_found",
    "NO_SUCH_VALUE",
    "There is no long value here. Addresses of long values stand in the metadata (BulkDataURI).",
  );

/** `00880200/1/7FE00010`: through items to the value. */
function valueAt(header: DicomJson, path: readonly string[]): DicomJsonAttribute | undefined {
  const [tag = "", item, ...rest] = path;
  const attribute = header[tag.toUpperCase()];
  if (item === undefined) return attribute;
  const inner = attribute?.Value?.[Number(item) - 1];
  return inner instanceof Object && rest.length > 0 ? valueAt(inner as DicomJson, rest) : undefined;
}

type Bytes = {
  length: number;
  read(span: { offset: number; length: number }): Promise<AsyncIterable<Uint8Array>>;
};

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function bytesOf(door: Door, instance: RetrievedFrames, attribute: DicomJsonAttribute): Bytes {
  if (attribute.InlineBinary !== undefined) {
    const bytes = Buffer.from(attribute.InlineBinary, "base64");
    return {
      length: bytes.length,
      read: async ({ offset, length }) => one(bytes.subarray(offset, offset + length)),
    };
  }
  const [start = 0, length = 0] = (attribute.BulkDataURI ?? "").split(":").map(Number);
  if (attribute.BulkDataURI === undefined) return noSuchValue();
  return {
    length,
    read: async (span) =>
      bytesAt(storeOf(door.front, instance), instance, { offset: start + span.offset, length: span.length }),
  };
}

/** Native pixels as one value. */
function pixelsOf(door: Door, instance: RetrievedFrames): Bytes {
  const [first, last] = [instance.frames[0], instance.frames.at(-1)];
  if (!first || !last) return noSuchValue();
  const length = last.offset + last.length - first.offset;
  return {
    length,
    read: async (span) =>
      bytesAt(storeOf(door.front, instance), instance, {
        offset: first.offset + span.offset,
        length: span.length,
      }),
  };
}

const isPixels = (path: readonly string[]) => path.length === 1 && /^7FE000(08|09|10)$/i.test(path[0] ?? "");

/** A value too long for a header, by its place in it. @see DICOM PS3.18 §10.4.1.1.5 (bulkdata resources) */
export async function retrieveBulk(door: Door, request: DoorRequest, target: Target): Promise<DoorResponse> {
  if (!target.sopInstanceUid) return noSuchValue();
  const path = target.rest.slice("bulkdata/".length).split("/");
  const asked = isPixels(path) ? {} : { frames: [] };
  const ticket = await askStudy(door, "study.retrieve-frames", { ...uidsOf(target), ...asked });
  const { instance } = ticket;
  if (isPixels(path) && transferSyntaxOf(instance.transferSyntaxUid).encapsulated) {
    const rest = `frames/${instance.frames.map((_frame, index) => index + 1).join(",")}`;
    return instance.frames.length === 0 ? noSuchValue() : retrieveFrames(door, request, { ...target, rest });
  }
  const attribute = valueAt(instance.header, path);
  const bytes = isPixels(path)
    ? pixelsOf(door, instance)
    : attribute
      ? bytesOf(door, instance, attribute)
      : noSuchValue();
  const wish = wishesOf(request).find(({ type }) => covers(type, OCTETS));
  if (!wish) return notAcceptable([`multipart/related; type="${OCTETS}"`, OCTETS]);
  const etag = etagOf(ticket.scope?.mark ?? "", `${target.rest} ${wish.isMultipart}`);
  if (isUnchanged(request, etag)) return notModified(etag);
  const headers = { ...PRIVATE, ...differing(ticket), etag };
  const whole = { offset: 0, length: bytes.length };
  if (bytes.length > MOST_STREAMED_BYTES && !request.headers.range)
    return refuse(
      "too_large",
      "RETRIEVE_TOO_LARGE",
      `This value is ${Math.ceil(bytes.length / 1e6)} MB, and one answer takes 200 MB. Ask for ranges of it.`,
    );
  // A range is of the value itself, so who asks for one takes it alone.
  if (!wish.isMultipart || request.headers.range)
    return ranged(request, { ...headers, "content-type": OCTETS }, bytes.length, (span) =>
      bytes.read(span ?? whole),
    );
  const boundary = newBoundary();
  const body = await bytes.read(whole);
  const parts = (async function* parts() {
    yield { headers: { "Content-Type": OCTETS, "Content-Location": request.path }, body };
  })();
  return {
    status: 200,
    headers: { ...headers, "content-type": `multipart/related; type="${OCTETS}"; boundary=${boundary}` },
    body: multipartBody(parts, boundary),
  };
}
