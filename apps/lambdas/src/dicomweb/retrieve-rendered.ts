import type { RetrievedFrames } from "@weald/core/study";
import { multipartBody, newBoundary, type PartOut, transferSyntaxOf } from "@weald/dicom";
import { baseUrlOf } from "./base-url.ts";
import { type Door, refuse } from "./door.ts";
import { drawnFrame } from "./drawn-frame.ts";
import { DECODABLE } from "./pixels/decodable.ts";
import { PixelsUnreadable } from "./pixels/pixels-unreadable.ts";
import { renderingWish, type Wish } from "./rendering-wish.ts";
import type { DoorRequest, DoorResponse } from "./respond.ts";
import { askStudy, pagesOf } from "./retrieve-ask.ts";
import { frameNumbers } from "./retrieve-frames.ts";
import { differing, etagOf, isUnchanged, notModified, PRIVATE } from "./retrieve-headers.ts";
import { readable } from "./retrieve-objects.ts";
import { pathOf, type Target, uidsOf } from "./retrieve-target.ts";
import { ahead, begin } from "./stored-bytes.ts";

/** Whoever gets a picture is told what it is not. */
const REDUCED = { "content-description": "reduced to 8 bits, not for diagnosis" } as const;
const MOST_PICTURES = 500;

const notDrawn = (): never =>
  refuse(
    "unsupported",
    "NOT_RENDERED",
    "This object is not drawn here: it holds no image, a film, or pixels that are not known. It can be had as it is stored.",
  );

/** One frame, drawn. @throws {PixelsUnreadable} */
const drawn = async (door: Door, instance: RetrievedFrames, wish: Wish, frameNumber: number) =>
  (await drawnFrame(door.front.archive, instance, wish, frameNumber)) ?? notDrawn();

const askFrame = (
  door: Door,
  target: Target,
  frame: number,
  uids?: { seriesInstanceUid: string; sopInstanceUid: string },
) => askStudy(door, "study.retrieve-frames", { ...uidsOf(target), ...uids, frames: [frame] });

const numbersIn = ({ rest }: Target): number[] | undefined => {
  const list = /^frames\/([0-9,]+)\//.exec(rest)?.[1];
  return list === undefined ? undefined : frameNumbers(list);
};

/** The picture that stands for a study, a series, an instance or a frame. @see DICOM PS3.18 §10.4.1.1.6, .7 */
async function onePicture(
  door: Door,
  request: DoorRequest,
  target: Target,
  wish: Wish,
): Promise<DoorResponse> {
  const [frame = 1] = numbersIn(target) ?? [];
  const ticket = await askFrame(door, target, frame);
  const etag = etagOf(ticket.scope?.mark ?? "", `${target.rest} ${JSON.stringify(wish)}`);
  if (isUnchanged(request, etag)) return notModified(etag);
  const body = await readable(drawn(door, ticket.instance, wish, frame));
  const headers = { ...PRIVATE, ...REDUCED, ...differing(ticket.differs), etag };
  const location = `${baseUrlOf(request)}${pathOf(target, ticket.instance)}/frames/${frame}/rendered`;
  if (!wish.isMultipart)
    return {
      status: 200,
      headers: { ...headers, "content-type": wish.format, "content-location": location },
      body,
    };
  return multipart(
    headers,
    wish,
    one({ headers: { "Content-Type": wish.format, "Content-Location": location }, body }),
  );
}

async function* one<T>(item: T): AsyncGenerator<T> {
  yield item;
}

async function multipart(
  headers: Record<string, string>,
  { format }: Wish,
  parts: AsyncIterable<PartOut>,
): Promise<DoorResponse> {
  const boundary = newBoundary();
  return {
    status: 200,
    headers: { ...headers, "content-type": `multipart/related; type="${format}"; boundary=${boundary}` },
    body: multipartBody(await readable(begin(parts)), boundary),
  };
}

type Wanted = { seriesInstanceUid: string; sopInstanceUid: string; frame: number };

/** Every image below a study or series, by its first frame. What can't be drawn is left out: it is in no list of pictures. */
async function* imagesOf(
  door: Door,
  target: Target,
  first: Awaited<ReturnType<typeof askObjects>>,
): AsyncGenerator<Wanted> {
  const pages = pagesOf(first, (behind) => askObjects(door, target, behind));
  for await (const { instances } of pages)
    for (const { seriesInstanceUid, sopInstanceUid, numberOfFrames, transferSyntaxUid } of instances)
      if (
        numberOfFrames > 0 &&
        (DECODABLE.has(transferSyntaxUid) || !transferSyntaxOf(transferSyntaxUid).encapsulated)
      )
        yield { seriesInstanceUid, sopInstanceUid, frame: 1 };
}

const askObjects = (door: Door, target: Target, behind?: { after: string; servedVersion: number }) =>
  askStudy(door, "study.retrieve", { ...uidsOf(target), asStored: "all", ...behind });

async function* listed(wanted: readonly Wanted[]): AsyncGenerator<Wanted> {
  yield* wanted;
}

async function partFor(
  door: Door,
  request: DoorRequest,
  target: Target,
  wish: Wish,
  wanted: Wanted,
): Promise<PartOut | undefined> {
  const { frame, ...uids } = wanted;
  const { instance } = await askFrame(door, target, frame, uids);
  try {
    const body = await drawn(door, instance, wish, frame);
    const location = `${baseUrlOf(request)}${pathOf(target, instance)}/frames/${frame}/rendered`;
    return { headers: { "Content-Type": wish.format, "Content-Location": location }, body };
  } catch (error) {
    if (error instanceof PixelsUnreadable) return undefined;
    throw error;
  }
}

async function* present(parts: AsyncIterable<PartOut | undefined>): AsyncGenerator<PartOut> {
  for await (const part of parts) if (part) yield part;
}

const tooMany = (): never =>
  refuse(
    "too_large",
    "RETRIEVE_TOO_LARGE",
    `More than ${MOST_PICTURES} pictures would come. Ask for less: …/series/{series}/rendered or …/instances/{instance}/rendered.`,
  );

export async function retrieveRendered(
  door: Door,
  request: DoorRequest,
  target: Target,
): Promise<DoorResponse> {
  const wish = renderingWish(request, "rendered");
  const numbers = numbersIn(target);
  if (target.sopInstanceUid && (!numbers || numbers.length === 1))
    return onePicture(door, request, target, wish);
  const parts = (images: AsyncIterable<Wanted>) =>
    present(ahead(images, (wanted) => partFor(door, request, target, wish, wanted)));
  const headers = { ...PRIVATE, ...REDUCED };
  if (numbers && target.sopInstanceUid && target.seriesInstanceUid) {
    if (numbers.length > MOST_PICTURES) tooMany();
    const { seriesInstanceUid, sopInstanceUid } = target;
    return multipart(
      headers,
      wish,
      parts(listed(numbers.map((frame) => ({ seriesInstanceUid, sopInstanceUid, frame })))),
    );
  }
  const first = await askObjects(door, target);
  if ((first.scope?.count ?? 0) > MOST_PICTURES) tooMany();
  return multipart({ ...headers, ...differing(first.differs) }, wish, parts(imagesOf(door, target, first)));
}

export const retrieveThumbnail = (door: Door, request: DoorRequest, target: Target): Promise<DoorResponse> =>
  onePicture(door, request, target, renderingWish(request, "thumbnail"));
