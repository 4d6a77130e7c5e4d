import type { RetrievedFrames } from "@weald/core/study";
import { HTJ2K_RPCL, multipartBody, newBoundary, type PartOut, transferSyntaxOf } from "@weald/dicom";
import { baseUrlOf } from "./base-url.ts";
import { type Door, refuse } from "./door.ts";
import type { DoorRequest, DoorResponse } from "./respond.ts";
import { frameFor, notAcceptable, OCTETS, type Wish, wishesOf } from "./retrieve-accept.ts";
import { askStudy } from "./retrieve-ask.ts";
import { differing, etagOf, isUnchanged, notModified, PRIVATE } from "./retrieve-headers.ts";
import { MOST_STREAMED_BYTES, ranged, readable } from "./retrieve-objects.ts";
import { pathOf, type Target, uidsOf } from "./retrieve-target.ts";
import { ahead, begin, bytesAt, collect, storeOf } from "./stored-bytes.ts";
import { canDecode, frameBytes, frameLength, isOneBit } from "./transcode.ts";

const MOST_FRAMES = 20_000;
const SMALL_BYTES = 1024 * 1024;

/** @throws {DoorRefused} 400 */
export function frameNumbers(list: string): number[] {
  const numbers = list.split(",").map(Number);
  const isList = numbers.every(
    (number) => Number.isSafeInteger(number) && number >= 1 && number <= 1_000_000,
  );
  if (!isList || numbers.length > MOST_FRAMES)
    return refuse(
      "invalid",
      "FRAMES_INVALID",
      `Frames are numbers from 1, separated by commas, at most ${MOST_FRAMES} of them.`,
    );
  return numbers;
}

type Form = { type: string; transferSyntaxUid: string; isMultipart: boolean };

function formFor(instance: RetrievedFrames, wishes: readonly Wish[], count: number): Form {
  for (const wish of wishes) {
    if (!wish.isMultipart && count > 1) continue;
    const form =
      frameFor(wish, instance.transferSyntaxUid, canDecode(instance, instance.header)) ??
      (instance.packed && frameFor(wish, HTJ2K_RPCL, false));
    if (form) return { ...form, isMultipart: wish.isMultipart };
  }
  const { transferSyntaxUid } = instance;
  return notAcceptable([
    `multipart/related; type="${OCTETS}"; transfer-syntax=${transferSyntaxUid}`,
    ...(instance.packed ? [`multipart/related; type="${OCTETS}"; transfer-syntax=${HTJ2K_RPCL}`] : []),
    ...(canDecode(instance, instance.header)
      ? [`multipart/related; type="${OCTETS}"; transfer-syntax=1.2.840.10008.1.2.1`]
      : []),
  ]);
}

/** From the pack of its series where that gives what is wanted as it lies, or unpacks sooner than what was sent; else as it was sent. */
function sourceFor(instance: RetrievedFrames, { transferSyntaxUid }: Form): RetrievedFrames {
  const { packed } = instance;
  const sent = transferSyntaxOf(instance.transferSyntaxUid);
  const isPackWanted =
    transferSyntaxUid !== sent.uid && (transferSyntaxUid === HTJ2K_RPCL || sent.encapsulated);
  if (!packed || !isPackWanted) return instance;
  return { ...instance, ...packed, encoding: "plain", transferSyntaxUid: HTJ2K_RPCL };
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** Frames of one instance, in the order in which they are asked for. @see DICOM PS3.18 §10.4.1.1.3 */
export async function retrieveFrames(
  door: Door,
  request: DoorRequest,
  target: Target,
): Promise<DoorResponse> {
  const numbers = frameNumbers(target.rest.slice("frames/".length));
  if (!target.sopInstanceUid)
    return refuse("not_found", "NO_SUCH_RESOURCE", "Frames are asked for below an instance.");
  const ticket = await askStudy(door, "study.retrieve-frames", { ...uidsOf(target), frames: numbers });
  const form = formFor(ticket.instance, wishesOf(request), numbers.length);
  const instance = sourceFor(ticket.instance, form);
  const etag = etagOf(ticket.scope?.mark ?? "", `${target.rest} ${JSON.stringify(form)}`);
  if (isUnchanged(request, etag)) return notModified(etag);
  const archive = storeOf(door.front, instance);
  const isDecoded = form.transferSyntaxUid !== instance.transferSyntaxUid || isOneBit(instance);
  const lengths = instance.frames.map((frame) => frameLength(instance, frame, isDecoded));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total > MOST_STREAMED_BYTES)
    return refuse(
      "too_large",
      "RETRIEVE_TOO_LARGE",
      `These frames are ${Math.ceil(total / 1e6)} MB, and one answer takes 200 MB. Ask for fewer frames at a time.`,
    );
  const headers = { ...PRIVATE, ...differing(ticket), etag };
  const contentType = `${form.type}; transfer-syntax=${form.transferSyntaxUid}`;
  const [only] = instance.frames;
  if (!form.isMultipart && only) {
    const single = { ...headers, "content-type": contentType };
    const whole = isDecoded
      ? await readable(frameBytes(archive, instance, only, numbers[0] ?? 1))
      : undefined;
    return ranged(request, single, whole?.length ?? lengths[0] ?? 0, async (span) => {
      if (!span) return whole ? each([whole]) : bytesAt(archive, instance, only);
      const bytes = whole ?? (await collect(bytesAt(archive, instance, only)));
      return each([bytes.subarray(span.offset, span.offset + span.length)]);
    });
  }
  const boundary = newBoundary();
  const location = `${baseUrlOf(request)}${pathOf(target, instance)}/frames`;
  const parts = ahead(
    each(instance.frames.map((frame, index) => ({ frame, index }))),
    async ({ frame, index }): Promise<PartOut> => {
      const bytes = isDecoded
        ? await frameBytes(archive, instance, frame, numbers[index] ?? 1)
        : bytesAt(archive, instance, frame);
      const isSmall = (lengths[index] ?? 0) <= SMALL_BYTES;
      return {
        headers: { "Content-Type": contentType, "Content-Location": `${location}/${numbers[index]}` },
        body: isSmall && !(bytes instanceof Uint8Array) ? await collect(bytes) : bytes,
      };
    },
  );
  return {
    status: 200,
    headers: { ...headers, "content-type": `multipart/related; type="${form.type}"; boundary=${boundary}` },
    body: multipartBody(await readable(begin(parts)), boundary),
  };
}
