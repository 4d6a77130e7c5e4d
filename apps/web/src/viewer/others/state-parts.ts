import type { Header, ViewerInstance } from "../contract.ts";
import type { UrlBook } from "../frames/url-book.ts";
import { items } from "../header.ts";
import { bytesOfAttribute, isSwapped } from "../pixels/attribute-bytes.ts";
import { type LookupTable, lookupTable } from "../pixels/lookup-table.ts";
import { type OverlayPlane, overlayGroups, overlayPlane } from "../pixels/overlay-plane.ts";

/** What of a state is too long for its header: tables, and planes of marks. */
export type StateParts = {
  modality: LookupTable | undefined;
  /** By the place of its item in Softcopy VOI LUT Sequence. */
  voi: ReadonlyMap<number, LookupTable>;
  presentation: LookupTable | undefined;
  planes: readonly OverlayPlane[];
};
export const NO_PARTS: StateParts = {
  ...{ modality: undefined, voi: new Map(), presentation: undefined, planes: [] },
};

const MODALITY_LUT = "00283000";
const SOFTCOPY_VOI = "00283110";
const VOI_LUT = "00283010";
const PRESENTATION_LUT = "20500010";
const MOST_KEPT = 8;

const voiItems = (header: Header) => items(header, SOFTCOPY_VOI);
export const hasParts = ({ header }: ViewerInstance): boolean =>
  items(header, MODALITY_LUT).length > 0 ||
  items(header, PRESENTATION_LUT).length > 0 ||
  voiItems(header).some((item) => items(item, VOI_LUT).length > 0) ||
  overlayGroups(header).length > 0;

async function readParts(book: UrlBook, state: ViewerInstance, signal: AbortSignal): Promise<StateParts> {
  const { header } = state;
  async function tableIn(holder: Header, tag: string): Promise<LookupTable | undefined> {
    const [item] = items(holder, tag);
    if (!item) return undefined;
    const attribute = item["00283006"];
    const data = await bytesOfAttribute(book, state, attribute, signal);
    // The first input is signed where its representation says so: the state has no pixels of its own.
    const isSigned = item["00283002"]?.vr === "SS";
    return lookupTable(item, { data, isSigned, isBigEndian: isSwapped(state, attribute) });
  }
  const [modality, presentation, voi, planes] = await Promise.all([
    tableIn(header, MODALITY_LUT),
    tableIn(header, PRESENTATION_LUT),
    Promise.all(voiItems(header).map((item) => tableIn(item, VOI_LUT))),
    Promise.all(
      overlayGroups(header).map(async (group) => {
        const bits = await bytesOfAttribute(book, state, header[`${group}3000`], signal);
        return overlayPlane(header, group, bits);
      }),
    ),
  ]);
  return {
    modality,
    presentation,
    voi: new Map(voi.flatMap((table, at) => (table ? [[at, table] as const] : []))),
    planes: planes.filter((plane) => plane !== undefined),
  };
}

const kept = new Map<string, Promise<StateParts>>();

/**
 * Tables and planes of a state, read once by range. The last 8 are kept.
 *
 * @throws {FrameUnreadable} when they can't be had
 */
export function stateParts(book: UrlBook, state: ViewerInstance): Promise<StateParts> {
  const key = `${state.instanceId}/${state.version}`;
  const known = kept.get(key);
  if (known) return known;
  const [oldest] = kept.keys();
  if (kept.size >= MOST_KEPT && oldest) kept.delete(oldest);
  const read = readParts(book, state, new AbortController().signal);
  kept.set(key, read);
  // What failed is tried again when it is asked for again.
  read.catch(() => kept.delete(key));
  return read;
}
