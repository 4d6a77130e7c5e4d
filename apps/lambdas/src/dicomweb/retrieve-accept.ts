import { EXPLICIT_LITTLE, frameMediaTypes, type MediaRange, parseAccept } from "@weald/dicom";
import { refuse } from "./door.ts";
import type { DoorRequest } from "./respond.ts";

/**
 * What a caller takes, the most wanted first: the `accept` query parameter before the header.
 *
 * @see DICOM PS3.18 §8.3.3.1 (accept query parameter), §8.7.5
 */
export function acceptedBy({ headers, query }: DoorRequest): MediaRange[] {
  const asked = query.getAll("accept").map((text) => text.replaceAll(" json", "+json"));
  const text = asked.length > 0 ? asked.join(",") : (headers.accept ?? "");
  // Nothing said is anything; everything refused by `q=0` is nothing.
  return text.trim() === "" ? [{ type: "*/*", parameters: {}, q: 1 }] : parseAccept(text);
}

const ANYTHING = /^(\*\/\*)$/;

/** How bytes are wrapped, and which media types and transfer syntax somebody asks for. */
export type Wish = { isMultipart: boolean; type: string; transferSyntaxUid: string | undefined };

function wishOf({ type, parameters }: MediaRange): Wish {
  const transferSyntaxUid = parameters["transfer-syntax"];
  if (type === "multipart/related" || type === "multipart/*")
    return { isMultipart: true, type: (parameters.type ?? "*/*").toLowerCase(), transferSyntaxUid };
  return { isMultipart: ANYTHING.test(type), type, transferSyntaxUid };
}

export const wishesOf = (request: DoorRequest): Wish[] => acceptedBy(request).map(wishOf);

/** Whether a media range covers a type: `*` on either side. */
export const covers = (range: string, type: string): boolean =>
  range === "*/*" || range === type || (range.endsWith("/*") && type.startsWith(range.slice(0, -1)));

export const DICOM = "application/dicom";
export const OCTETS = "application/octet-stream";

/**
 * In which transfer syntax a stored object or frame goes out for a wish: its own, or Explicit VR Little Endian, which is the
 * standard's default. `undefined`: not for this wish.
 *
 * @see DICOM PS3.18 §8.7.3.5.2 (transfer syntax)
 */
export function syntaxFor(wish: Wish, stored: string, canDecode: boolean): string | undefined {
  const { transferSyntaxUid: wanted = EXPLICIT_LITTLE } = wish;
  if (wanted === "*" || wanted === stored) return stored;
  return wanted === EXPLICIT_LITTLE && canDecode ? EXPLICIT_LITTLE : undefined;
}

/** A frame for a wish: as stored under a name of its own, or decoded as octets. */
export function frameFor(
  wish: Wish,
  stored: string,
  canDecode: boolean,
): { type: string; transferSyntaxUid: string } | undefined {
  const own = frameMediaTypes(stored);
  const named = own.find((type) => type !== OCTETS && wish.type === type);
  const isOwnSyntax =
    !wish.transferSyntaxUid || wish.transferSyntaxUid === "*" || wish.transferSyntaxUid === stored;
  if (named && isOwnSyntax) return { type: named, transferSyntaxUid: stored };
  // `*/*` with `*` takes the stored frame under its first name.
  if (
    wish.type !== OCTETS &&
    covers(wish.type, own[0]) &&
    wish.transferSyntaxUid !== undefined &&
    isOwnSyntax
  )
    return { type: own[0], transferSyntaxUid: stored };
  if (!covers(wish.type, OCTETS)) return undefined;
  const transferSyntaxUid = syntaxFor(wish, stored, canDecode);
  return transferSyntaxUid === undefined ? undefined : { type: OCTETS, transferSyntaxUid };
}

/** @throws {DoorRefused} 406 that names what there is */
export function notAcceptable(available: readonly string[]): never {
  return refuse(
    "unsupported",
    "NOT_ACCEPTABLE",
    `None of the media types and transfer syntaxes asked for can be given. There is: ${[...new Set(available)].join(", ")}.`,
  );
}
