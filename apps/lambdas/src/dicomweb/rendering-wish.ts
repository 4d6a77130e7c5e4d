import { refuse } from "./door.ts";
import type { Viewport, Window } from "./pixels/picture.ts";
import type { PictureWish } from "./pixels/picture-of.ts";
import type { DoorRequest } from "./respond.ts";
import { acceptedBy, covers, notAcceptable } from "./retrieve-accept.ts";

const FORMATS = ["image/jpeg", "image/png"] as const;
const MOST_SIDE = 8192;
const THUMBNAIL_SIDE = 200;
const SHAPES: Readonly<Record<string, Window["shape"]>> = {
  linear: "LINEAR",
  "linear-exact": "LINEAR_EXACT",
  sigmoid: "SIGMOID",
};

const invalid = (message: string): never => refuse("invalid", "RENDERING_INVALID", message);

function windowIn(query: URLSearchParams): Window | undefined {
  const given = query.get("window");
  if (given === null) return undefined;
  const [center, width, shape = "linear", ...more] = given.split(",");
  const [c, w] = [Number(center), Number(width)];
  const known = SHAPES[shape.toLowerCase()];
  const isSound = center !== "" && Number.isFinite(c) && Number.isFinite(w) && w > 0 && more.length === 0;
  if (!isSound || !known)
    return invalid("window is center,width,function: two numbers, and linear, linear-exact or sigmoid.");
  return { center: c, width: w, shape: known };
}

function viewportIn(query: URLSearchParams): Viewport | undefined {
  const given = query.get("viewport");
  if (given === null) return undefined;
  const parts = given.split(",").map((part) => (part === "" ? undefined : Number(part)));
  const [width, height, x, y, w, h] = parts;
  const isSound = (side: number | undefined): side is number =>
    side !== undefined && Number.isInteger(side) && side >= 1 && side <= MOST_SIDE;
  if (!isSound(width) || !isSound(height) || (parts.length !== 2 && parts.length !== 6))
    return invalid(
      `viewport is width,height, each 1 to ${MOST_SIDE}, and may go on with x,y,width,height of the source.`,
    );
  if (parts.length === 2) return { width, height, crop: undefined };
  const at = (value: number | undefined) =>
    value !== undefined && Number.isInteger(value) && value >= 0 ? value : undefined;
  // A negative width or height would mirror: sides are never turned here.
  const crop = {
    x: at(x ?? 0),
    y: at(y ?? 0),
    width: at(w ?? MOST_SIDE * 8),
    height: at(h ?? MOST_SIDE * 8),
  };
  const { x: cx, y: cy, width: cw, height: ch } = crop;
  if (cx === undefined || cy === undefined || !cw || !ch)
    return invalid(
      "The part of the source is four whole numbers, none negative: pictures are not mirrored here.",
    );
  return { width, height, crop: { x: cx, y: cy, width: cw, height: ch } };
}

function qualityIn(query: URLSearchParams): number {
  const given = query.get("quality");
  if (given === null) return 90;
  const quality = Number(given);
  return Number.isInteger(quality) && quality >= 1 && quality <= 100
    ? quality
    : invalid("quality is a whole number from 1 to 100.");
}

/** Words that would change the picture and that are not drawn are refused, never passed over. */
function refuseOthers(query: URLSearchParams): void {
  if (query.has("annotation")) invalid("annotation is not drawn here: leave the parameter out.");
  if ((query.get("iccprofile") ?? "no") !== "no") invalid("iccprofile can only be no.");
  const known = new Set(["window", "viewport", "quality", "accept", "iccprofile"]);
  const other = [...query.keys()].find((name) => !known.has(name.toLowerCase()));
  if (other !== undefined)
    invalid("Of the rendering parameters window, viewport and quality are known here.");
}

export type Wish = PictureWish & { isMultipart: boolean };

/** What a request for a picture says. @throws {DoorRefused} 400, 406. @see DICOM PS3.18 §8.3.5 */
export function renderingWish(request: DoorRequest, kind: "rendered" | "thumbnail"): Wish {
  const { query } = request;
  refuseOthers(query);
  const [format, isMultipart] = formatFor(request);
  const small = { width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE, crop: undefined };
  return {
    window: windowIn(query),
    viewport: viewportIn(query) ?? (kind === "thumbnail" ? small : undefined),
    quality: qualityIn(query),
    format,
    isMultipart,
  };
}

function formatFor(request: DoorRequest): readonly [(typeof FORMATS)[number], boolean] {
  for (const { type, parameters } of acceptedBy(request)) {
    const isMultipart = type === "multipart/related";
    const wanted = isMultipart ? (parameters.type ?? "*/*") : type;
    const format = FORMATS.find((one) => covers(wanted, one));
    if (format) return [format, isMultipart];
  }
  return notAcceptable(FORMATS);
}
