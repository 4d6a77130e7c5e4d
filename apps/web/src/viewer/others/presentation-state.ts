import type { Header, ViewerInstance } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import { items, number, numbers, text } from "../header.ts";
import { type Shutter, shutterOf } from "../pixels/shutter.ts";
import {
  type Area,
  type Drawn,
  drawingsIn,
  drawnOf,
  linesOf,
  placingIn,
  type Words,
  wordsIn,
  wordsOf,
} from "./graphics.ts";

/** How somebody showed one picture: what is drawn of it here, and in words what isn't. */
export type StateLook = {
  instanceId: string;
  name: string;
  window: { center: number; width: number } | undefined;
  drawn: Drawn[];
  words: Words[];
  shutter: Shutter | undefined;
  /** What was presented and isn't done here. Never left unsaid. */
  notes: string[];
};

const CLASS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.11\.(\d+)$/;
/** Of one picture and how it looks. The others blend pictures or cut volumes: shown as words alone. */
const OF_ONE_PICTURE = new Set(["1", "2", "3", "5"]);
const PSEUDO_COLOUR = "3";

const kindOf = ({ sopClassUid }: ViewerInstance): string => CLASS.exec(sopClassUid)?.[1] ?? "";
export const isApplicable = (state: ViewerInstance): boolean => OF_ONE_PICTURE.has(kindOf(state));

/** No reference means every image of the state. @see DICOM PS3.3 §C.11.11, table 10-3 */
function speaksOf(references: readonly Header[], { instance, frame }: Pick<Frame, "instance" | "frame">) {
  return references.some((one) => {
    const frames = numbers(one, "00081160");
    return (
      text(one, "00081155") === instance.sopInstanceUid && (frames.length === 0 || frames.includes(frame))
    );
  });
}
const imagesOf = (item: Header) => items(item, "00081140");
const holdsFor = (item: Header, frame: Pick<Frame, "instance" | "frame">) =>
  imagesOf(item).length === 0 || speaksOf(imagesOf(item), frame);

export const isOfImage = ({ header }: ViewerInstance, frame: Pick<Frame, "instance" | "frame">): boolean =>
  items(header, "00081115").some((series) => speaksOf(imagesOf(series), frame));

function personIn(header: Header, tag: string): string | undefined {
  const alphabetic: unknown = items(header, tag)[0]?.Alphabetic;
  if (typeof alphabetic !== "string") return undefined;
  return alphabetic.split("^").slice(0, 2).filter(Boolean).reverse().join(" ") || undefined;
}

const day = (date: string | undefined): string | undefined =>
  date && /^\d{8}$/.test(date) ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : undefined;

/** "As presented by Amara Okafor, 2026-11-20: PRIMARY". */
export function nameOfState({ header }: ViewerInstance): string {
  const who = personIn(header, "00700084");
  const label = text(header, "00700081") ?? text(header, "00700080");
  const when = day(text(header, "00700082"));
  const by = [who ? `by ${who}` : "by somebody unnamed", when].filter(Boolean).join(", ");
  return `As presented ${by}${label ? `: ${label}` : ""}`;
}

const madeAt = ({ header }: ViewerInstance): string =>
  `${text(header, "00700082") ?? ""} ${text(header, "00700083") ?? ""}`;

/** The one that a reader chose, where it speaks of this image; else the newest that does. */
export function stateFor(
  states: readonly ViewerInstance[],
  chosen: string | undefined,
  frame: Pick<Frame, "instance" | "frame">,
): { state: ViewerInstance; of: number } | undefined {
  const mine = states.filter((state) => isApplicable(state) && isOfImage(state, frame));
  const newest = mine.toSorted((a, b) => madeAt(b).localeCompare(madeAt(a)))[0];
  const state = mine.find(({ instanceId }) => instanceId === chosen) ?? newest;
  return state && { state, of: mine.length };
}

type Rescale = { slope: number; intercept: number };

/** From stored values to those that a window counts in: of a state, its own and never the image's. @see DICOM PS3.4 §N.2.1 */
function rescaleOf(header: Header, frame: number): Rescale | undefined {
  if (items(header, "00283000").length > 0) return undefined;
  const groups = [items(header, "52009230")[frame - 1], items(header, "52009229")[0]];
  const holder = groups.flatMap((group) => (group ? items(group, "00289145") : []))[0] ?? header;
  const slope = number(holder, "00281053") ?? 1;
  return slope === 0 ? undefined : { slope, intercept: number(holder, "00281052") ?? 0 };
}

type WindowOf = { window?: StateLook["window"]; note?: string };

/** The state's window in the image's own values. @see DICOM PS3.3 §C.11.8 */
function windowOf(state: Header, frame: Frame): WindowOf {
  const voi = items(state, "00283110").find((item) => holdsFor(item, frame));
  if (!voi) return {};
  const [center, width] = [number(voi, "00281050"), number(voi, "00281051")];
  if (center === undefined || !width || width <= 0)
    return items(voi, "00283010").length > 0 ? { note: "CURVE presented, not applied here" } : {};
  if ((text(voi, "00281056") ?? "LINEAR") === "SIGMOID")
    return { note: "SIGMOID WINDOW presented, not applied here" };
  const [said, own] = [rescaleOf(state, frame.frame), rescaleOf(frame.instance.header, frame.frame)];
  if (!said || !own) return { note: "WINDOW presented in other values, not applied here" };
  const ratio = own.slope / said.slope;
  return {
    window: {
      center: (center - said.intercept) * ratio + own.intercept,
      width: Math.abs(width * ratio),
    },
  };
}

const turnOf = (state: Header) => ({
  degrees: ((number(state, "00700042") ?? 0) + 360) % 360,
  isFlipped: text(state, "00700041") === "Y",
});

const sizeOf = ({ instance: { header } }: Frame) => ({
  rows: number(header, "00280010") ?? 0,
  columns: number(header, "00280011") ?? 0,
});

/** The first pixel's number is 1. @see DICOM PS3.3 §C.10.4 */
function areaOf(state: Header, frame: Frame): Area | undefined {
  const selected = items(state, "0070005A").find((item) => holdsFor(item, frame));
  const [left, top] = selected ? numbers(selected, "00700052") : [];
  const [right, bottom] = selected ? numbers(selected, "00700053") : [];
  if (left === undefined || top === undefined || right === undefined || bottom === undefined)
    return undefined;
  return { left: left - 1, top: top - 1, right, bottom };
}

const isPart = (area: Area, { rows, columns }: { rows: number; columns: number }): boolean =>
  area.left > 0 || area.top > 0 || area.right < columns || area.bottom < rows;

const OVERLAYS = /^60[0-9A-F]{2}3000$/;
const many = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"} not drawn here`;

/** What was presented and is not applied. */
function notesOf(state: ViewerInstance, frame: Frame, area: Area | undefined): string[] {
  const { header } = state;
  const { degrees, isFlipped } = turnOf(header);
  const wantsInverse = text(header, "20500020") === "INVERSE";
  const isInverse = text(frame.instance.header, "00280004") === "MONOCHROME1";
  const overlays = Object.keys(header).filter((tag) => OVERLAYS.test(tag)).length;
  const compound = items(header, "00700001")
    .filter((item) => holdsFor(item, frame))
    .flatMap((item) => items(item, "00700209")).length;
  return [
    isFlipped ? "FLIPPED as presented, not flipped here" : undefined,
    degrees === 0 ? undefined : `ROTATED ${degrees}° as presented, not rotated here`,
    area && degrees === 0 && !isFlipped && isPart(area, sizeOf(frame))
      ? "A PART as presented, the whole picture here"
      : undefined,
    text(header, "20500020") !== undefined && wantsInverse !== isInverse
      ? "SHADES the other way as presented, not turned here"
      : undefined,
    items(header, "00283000").length > 0 ? "MODALITY CURVE not applied here" : undefined,
    items(header, "20500010").length > 0 ? "PRESENTATION CURVE not applied here" : undefined,
    text(header, "00181600") === "BITMAP" ? "BITMAP SHUTTER not applied here" : undefined,
    kindOf(state) === PSEUDO_COLOUR ? "COLOURS as presented, not applied here" : undefined,
    overlays > 0 ? many(overlays, "overlay plane") : undefined,
    compound > 0 ? many(compound, "compound drawing") : undefined,
  ].filter((note) => note !== undefined);
}

/** How a state shows one picture. @see DICOM PS3.3 §A.33 */
export function lookOn(state: ViewerInstance, frame: Frame): StateLook {
  const { header } = state;
  const area = areaOf(header, frame);
  const { degrees, isFlipped } = turnOf(header);
  const place = placingIn(degrees === 0 && !isFlipped ? area : undefined);
  const annotations = items(header, "00700001").filter((item) => holdsFor(item, frame));
  const drawings = annotations.flatMap(drawingsIn);
  const texts = annotations.flatMap(wordsIn);
  const drawn = drawings.map((object) => drawnOf(object, place)).filter((one) => one !== undefined);
  const placed = texts.map((object) => ({ object, words: wordsOf(object, place) }));
  const unplaced = placed.flatMap(({ object, words }) => (words ? [] : [linesOf(object).join(" ")]));
  const { window, note } = windowOf(header, frame);
  return {
    instanceId: state.instanceId,
    name: nameOfState(state),
    window,
    drawn,
    words: placed.flatMap(({ words }) => words ?? []),
    shutter: shutterOf(header, 1, sizeOf(frame)),
    notes: [
      ...(note ? [note] : []),
      ...notesOf(state, frame, area),
      ...(drawn.length < drawings.length ? [many(drawings.length - drawn.length, "drawing")] : []),
      ...unplaced.filter(Boolean).map((words) => `Without a place: ${words}`),
    ],
  };
}
