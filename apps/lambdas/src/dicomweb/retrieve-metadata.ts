import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { baseUrlOf } from "./base-url.ts";
import type { Door } from "./door.ts";
import { oneGzip } from "./one-gzip.ts";
import type { DoorRequest, DoorResponse } from "./respond.ts";
import { acceptedBy, covers, notAcceptable } from "./retrieve-accept.ts";
import { askStudy, type Behind, pagesOf } from "./retrieve-ask.ts";
import { differing, etagOf, isUnchanged, notModified, PRIVATE } from "./retrieve-headers.ts";
import { type Target, uidsOf } from "./retrieve-target.ts";

const JSON_TYPE = "application/dicom+json";
const TYPES = [JSON_TYPE, "application/json"];
const END = "\n]\n";

type Page = Awaited<ReturnType<typeof askPage>>;

const askPage = (door: Door, target: Target, root: string, behind: Behind | undefined) =>
  askStudy(door, "study.retrieve-metadata", { ...uidsOf(target), root, ...behind });

async function* pieces(pages: AsyncIterable<Page>) {
  for await (const { packed } of pages) yield { ...packed, deflated: Buffer.from(packed.deflated, "base64") };
}

async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const input = Readable.from(source);
  input.on("error", (error) => gunzip.destroy(error));
  yield* input.pipe(gunzip);
}

const takesGzip = ({ headers }: DoorRequest) =>
  (headers["accept-encoding"] ?? "")
    .split(",")
    .some((one) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(one));

/** Metadata of a study, series or instance as DICOM JSON. @see DICOM PS3.18 §10.4.1.1.2 */
export async function retrieveMetadata(
  door: Door,
  request: DoorRequest,
  target: Target,
): Promise<DoorResponse> {
  const type = acceptedBy(request)
    .map((range) => TYPES.find((one) => covers(range.type, one)))
    .find((one) => one !== undefined);
  if (!type) notAcceptable(TYPES);
  const root = `${baseUrlOf(request)}${target.custodian ? `/${target.custodian}` : ""}/studies/${target.studyInstanceUid}`;
  const first = await askPage(door, target, root, undefined);
  const etag = etagOf(first.scope?.mark ?? "", `metadata ${root}`);
  if (isUnchanged(request, etag)) return notModified(etag);
  const packed = oneGzip(pieces(pagesOf(first, (behind) => askPage(door, target, root, behind))), END);
  const isPacked = takesGzip(request);
  return {
    status: 200,
    headers: {
      ...PRIVATE,
      ...differing(first),
      etag,
      "content-type": `${type}`,
      ...(isPacked ? { "content-encoding": "gzip" } : {}),
    },
    body: isPacked ? packed : unpacked(packed),
  };
}
