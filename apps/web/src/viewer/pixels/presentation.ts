import type { Header, ViewerInstance } from "../contract.ts";
import type { UrlBook } from "../frames/url-book.ts";
import { functional, items, number, text } from "../header.ts";
import { bytesOfAttribute, isSwapped } from "./attribute-bytes.ts";
import { type LookupTable, lookupTable } from "./lookup-table.ts";
import { type OverlayPlane, overlayGroups, overlayPlane } from "./overlay-plane.ts";

/** What stands beside the pixels and changes what they mean or how they look. */
export type Presentation = {
  modality: LookupTable | undefined;
  voi: LookupTable[];
  planes: OverlayPlane[];
};

export const NOTHING: Presentation = { modality: undefined, voi: [], planes: [] };
/** Their modality LUT undoes what the intensifier did: it is for measuring dose, not for showing. @see DICOM PS3.3 §C.8.7.2 */
const NOT_FOR_SHOWING = new Set(["1.2.840.10008.5.1.4.1.1.12.1", "1.2.840.10008.5.1.4.1.1.12.2"]);
const MOST_KEPT = 64;

async function tablesOf(
  book: UrlBook,
  instance: ViewerInstance,
  tag: string,
  signal: AbortSignal,
): Promise<LookupTable[]> {
  const isSigned = number(instance.header, "00280103") === 1;
  const found = items(instance.header, tag).map(async (item) => {
    const attribute = item["00283006"];
    const data = await bytesOfAttribute(book, instance, attribute, signal);
    return lookupTable(item, { data, isSigned, isBigEndian: isSwapped(instance, attribute) });
  });
  return (await Promise.all(found)).filter((table) => table !== undefined);
}

async function planesOf(
  book: UrlBook,
  instance: ViewerInstance,
  signal: AbortSignal,
): Promise<OverlayPlane[]> {
  const found = overlayGroups(instance.header).map(async (group) => {
    const bits = await bytesOfAttribute(book, instance, instance.header[`${group}3000`], signal);
    return overlayPlane(instance.header, group, bits);
  });
  return (await Promise.all(found)).filter((plane) => plane !== undefined);
}

const hasAny = ({ header }: ViewerInstance): boolean =>
  header["00283000"] !== undefined || header["00283010"] !== undefined || overlayGroups(header).length > 0;

async function readAll(book: UrlBook, instance: ViewerInstance, signal: AbortSignal): Promise<Presentation> {
  const isShown = !NOT_FOR_SHOWING.has(instance.sopClassUid);
  const [modality, voi, planes] = await Promise.all([
    isShown ? tablesOf(book, instance, "00283000", signal) : [],
    tablesOf(book, instance, "00283010", signal),
    planesOf(book, instance, signal),
  ]);
  return { modality: modality[0], voi, planes };
}

const kept = new Map<string, Presentation>();

/**
 * Tables and planes of an instance, read once by range. The last 64 are kept for its other frames: planes are as large as pictures.
 *
 * @throws {FrameUnreadable} when they lie in the object store and can't be had: a picture without its table would be a wrong one
 */
export async function readPresentation(
  book: UrlBook,
  instance: ViewerInstance,
  signal: AbortSignal,
): Promise<Presentation> {
  if (!hasAny(instance)) return NOTHING;
  const key = `${instance.instanceId}/${instance.version}`;
  const known = kept.get(key);
  if (known) return known;
  const read = await readAll(book, instance, signal);
  const [oldest] = kept.keys();
  if (kept.size >= MOST_KEPT && oldest) kept.delete(oldest);
  kept.set(key, read);
  return read;
}

/** VOI LUT Function of a frame as cornerstone knows it; an unknown one is linear. @see DICOM PS3.3 §C.11.2.1.3 */
export const voiFunction = (header: Header, frame = 1): "LINEAR" | "LINEAR_EXACT" | "SIGMOID" => {
  const stated = text(functional(header, frame, "00289132") ?? header, "00281056");
  return stated === "SIGMOID" || stated === "LINEAR_EXACT" ? stated : "LINEAR";
};
