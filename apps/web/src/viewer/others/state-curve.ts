import type { Header } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import { items, number, text } from "../header.ts";
import { type LookupTable, lookedUp } from "../pixels/lookup-table.ts";
import { held, windowed } from "../pixels/windowed.ts";
import type { StateParts } from "./state-parts.ts";

type Rescale = { slope: number; intercept: number };
export type StateWindow = { center: number; width: number; table?: LookupTable | undefined };
/** What the shades of a state are here: a window or a curve in the image's own values, or in words why not. */
export type StateShades = { window?: StateWindow | undefined; note?: string | undefined };

/** From stored values to those that a window counts in: of a state, its own and never the image's. @see DICOM PS3.4 §N.2.1 */
function rescaleOf(header: Header, frame: number): Rescale | undefined {
  const groups = [items(header, "52009230")[frame - 1], items(header, "52009229")[0]];
  const holder = groups.flatMap((group) => (group ? items(group, "00289145") : []))[0] ?? header;
  const slope = number(holder, "00281053") ?? 1;
  return slope === 0 ? undefined : { slope, intercept: number(holder, "00281052") ?? 0 };
}

type Shade = (value: number) => number;

/** From 0 (black) to 1 (white), by what an item of a VOI says. */
function windowOf(voi: Header): Shade | undefined {
  const [center, width] = [number(voi, "00281050"), number(voi, "00281051")];
  if (center === undefined || width === undefined || width <= 0) return undefined;
  return windowed({ how: text(voi, "00281056") ?? "LINEAR", center, width });
}

const mostOf = ({ bits }: LookupTable): number => 2 ** bits - 1;
const throughTable =
  (table: LookupTable): Shade =>
  (value) =>
    lookedUp(table, value) / mostOf(table);
/** A presentation table's inputs go from its first to its last, whatever number the first has. @see DICOM PS3.3 §C.11.6.1.1 */
const throughPresentation =
  (table: LookupTable): Shade =>
  (shade) =>
    (table.values[Math.round(shade * (table.values.length - 1))] ?? 0) / mostOf(table);

const MOST_BITS = 16;

/** All values that a pixel may have. */
function storedRange(header: Header): { least: number; most: number } | undefined {
  const bits = number(header, "00280101") ?? number(header, "00280100") ?? 0;
  if (bits < 1 || bits > MOST_BITS) return undefined;
  return number(header, "00280103") === 1
    ? { least: -(2 ** (bits - 1)), most: 2 ** (bits - 1) - 1 }
    : { least: 0, most: 2 ** bits - 1 };
}

/** Without the equal values at both ends: what lies outside a table takes its end's. */
function trimmed(values: Uint16Array): { from: number; values: Uint16Array } {
  let [from, to] = [0, values.length - 1];
  while (from + 1 < to && values[from + 1] === values[from]) from += 1;
  while (to - 1 > from && values[to - 1] === values[to]) to -= 1;
  return { from, values: values.slice(from, to + 1) };
}

type Scaled = Rescale & { least: number; most: number };

/** A curve by a pixel's stored value, as a table by the value that the image has for it. */
function tableOf(shade: Shade, own: Scaled, named: Pick<LookupTable, "name" | "of">): LookupTable {
  const { slope, intercept, least, most } = own;
  const whole = Uint16Array.from({ length: most - least + 1 }, (_, at) => {
    const stored = slope > 0 ? least + at : most - at;
    return Math.round(held(shade(stored)) * 65_535);
  });
  const { from, values } = trimmed(whole);
  const first = (slope > 0 ? least + from : most - from) * slope + intercept;
  return { ...named, first, step: Math.abs(slope), values, bits: 16 };
}

const isSameTable = (one: LookupTable, other: LookupTable): boolean =>
  one.first === other.first &&
  one.bits === other.bits &&
  one.values.length === other.values.length &&
  one.values.every((value, at) => value === other.values[at]);

/** As the viewer tells a curve's window: its range is where it says anything. */
export function windowOfTable(table: LookupTable): StateWindow {
  const { first, step = 1, values } = table;
  const last = first + (values.length - 1) * step;
  return { center: (first + last + 1) / 2, width: last - first + 1, table };
}

/** A window that stays one: counted over from the state's values into the image's. */
function countedOver(voi: Header, said: Rescale, own: Rescale): StateWindow | undefined {
  const [center, width] = [number(voi, "00281050"), number(voi, "00281051")];
  if (center === undefined || width === undefined || width <= 0) return undefined;
  const ratio = own.slope / said.slope;
  return {
    center: (center - said.intercept) * ratio + own.intercept,
    width: Math.abs(width * ratio),
  };
}

export type Shading = {
  state: Header;
  /** The item of Softcopy VOI LUT Sequence that holds for this picture, and which one it is. */
  voi: { item: Header; at: number } | undefined;
  parts: StateParts;
  frame: Frame;
  /** The table through which the image's values already went. */
  ownModality: LookupTable | undefined;
  name: string;
};

/** The state's modality values of what the image's values are made of. */
function modalityOf({ state, parts, frame, ownModality }: Shading): { values: Shade; own: Scaled } | string {
  const { header } = frame.instance;
  const range = storedRange(header);
  const hasTable = items(state, "00283000").length > 0;
  if (hasTable && !parts.modality) return "MODALITY CURVE not applied here: it isn't whole";
  if (!range) return "CURVE presented, not applied here: pixels of more than 16 bits";
  if (ownModality) {
    if (!parts.modality || !isSameTable(ownModality, parts.modality))
      return "MODALITY CURVE not applied here: the image's own is another";
    return { values: (value) => value, own: { slope: 1, intercept: 0, least: 0, most: mostOf(ownModality) } };
  }
  const own = rescaleOf(header, frame.frame);
  const said = rescaleOf(state, frame.frame);
  if (!own || !said) return "CURVE presented in other values, not applied here";
  const { modality: table } = parts;
  const values: Shade = table
    ? (stored) => lookedUp(table, stored)
    : (stored) => stored * said.slope + said.intercept;
  return { values, own: { ...own, ...range } };
}

/** Without a window the whole of what the modality may have. */
function wholeRange(values: Shade, { least, most }: Scaled): Shade {
  const [one, other] = [values(least), values(most)];
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  return (value) => held((value - low) / Math.max(1, high - low));
}

/**
 * The shades of a state, from stored values by its modality, VOI and presentation transforms to white. A straight window stays a
 * window, which a reader moves on from; all else is one curve.
 *
 * @see DICOM PS3.4 §N.2
 */
export function shadesOf(shading: Shading): StateShades {
  const { state, voi, parts, frame, ownModality, name } = shading;
  const hasModality = items(state, "00283000").length > 0;
  const hasPresentation = items(state, "20500010").length > 0;
  const hasTable = voi !== undefined && items(voi.item, "00283010").length > 0;
  if (!voi && !hasPresentation) return {};
  if (hasPresentation && !parts.presentation)
    return { note: "PRESENTATION CURVE not applied here: it isn't whole" };
  const own = rescaleOf(frame.instance.header, frame.frame);
  const said = rescaleOf(state, frame.frame);
  const isStraight = voi !== undefined && !hasTable && text(voi.item, "00281056") !== "SIGMOID";
  if (isStraight && !hasModality && !hasPresentation && !ownModality) {
    if (!own || !said) return { note: "WINDOW presented in other values, not applied here" };
    return { window: countedOver(voi.item, said, own) };
  }
  const table = voi && parts.voi.get(voi.at);
  if (hasTable && !table) return { note: "CURVE presented, not applied here: it isn't whole" };
  const modality = modalityOf(shading);
  if (typeof modality === "string") return { note: modality };
  const shade = table
    ? throughTable(table)
    : ((voi && windowOf(voi.item)) ?? wholeRange(modality.values, modality.own));
  const last = parts.presentation ? throughPresentation(parts.presentation) : (value: number) => value;
  const all: Shade = (stored) => last(held(shade(modality.values(stored))));
  return { window: windowOfTable(tableOf(all, modality.own, { name, of: frame.imageId })) };
}
