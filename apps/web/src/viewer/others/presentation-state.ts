import type { Header, ViewerInstance } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import { items, number, numbers, text } from "../header.ts";
import { type OverlayPlane, planeFrame } from "../pixels/overlay-plane.ts";
import type { Presentation } from "../pixels/presentation.ts";
import { type Shutter, shutterOf } from "../pixels/shutter.ts";
import { AS_SENT, isSameTurn, type Turn, turnText } from "../stack/placed.ts";
import type { Presented } from "../stack/stance.ts";
import {
  type Drawn,
  drawingsIn,
  drawnOf,
  linesOf,
  placingIn,
  undrawnIn,
  type Words,
  wordsIn,
  wordsOf,
} from "./graphics.ts";
import { areaOf, partOf, turnOf } from "./shown-area.ts";
import { type StateWindow, shadesOf } from "./state-curve.ts";
import { NO_PARTS, type StateParts } from "./state-parts.ts";

/** What lies together: planes of marks under drawings under words. */
export type Layer = {
  name: string;
  planes: readonly { plane: OverlayPlane; at: number }[];
  drawn: Drawn[];
  words: Words[];
};
type BitmapShutter = { plane: OverlayPlane; at: number; grey: number };

/** How somebody showed one picture: what is drawn of it here, and in words what isn't. */
export type StateLook = {
  instanceId: string;
  name: string;
  turn: Turn;
  window: StateWindow | undefined;
  /** The lowest first. */
  layers: Layer[];
  shutter: Shutter | undefined;
  bitmap: BitmapShutter | undefined;
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

const turnedAs = (state: Header) => turnOf(state) ?? AS_SENT;

const sizeOf = ({ instance: { header } }: Pick<Frame, "instance">) => ({
  rows: number(header, "00280010") ?? 0,
  columns: number(header, "00280011") ?? 0,
});
type Size = ReturnType<typeof sizeOf>;

const selectionOf = (state: Header, frame: Frame) =>
  items(state, "0070005A").find((item) => holdsFor(item, frame));

/** Whether what was selected, by whichever corners, is less than the picture. */
function isPart(selected: Header, { rows, columns }: Size): boolean {
  const [[left = 1, top = 1], [right = columns, bottom = rows]] = [
    numbers(selected, "00700052"),
    numbers(selected, "00700053"),
  ];
  return Math.abs(right - left) + 1 < columns || Math.abs(bottom - top) + 1 < rows;
}

/**
 * How a picture stands as a state presents it, and which of its ends is white.
 *
 * @param mayTurn - false where pictures stand by a rule of their own (mammograms, back to back)
 * @see DICOM PS3.3 §C.10.4, §C.10.6, §C.11.6
 */
export function presentedBy({ header }: ViewerInstance, frame: Frame, mayTurn: boolean): Presented {
  const shape = text(header, "20500020");
  const isInverse =
    items(header, "20500010").length > 0 || shape === "IDENTITY" ? false : shape === "INVERSE" || undefined;
  if (!mayTurn) return { stance: undefined, isInverse };
  const [turn, selected] = [turnedAs(header), selectionOf(header, frame)];
  const area = selected && areaOf(selected, turn);
  const part = selected && area && isPart(selected, sizeOf(frame)) ? partOf(area) : undefined;
  const isMagnified = selected && text(selected, "00700100") === "MAGNIFY";
  const magnified = isMagnified ? number(selected, "00700103") : undefined;
  return { stance: { turn, part, magnified }, isInverse };
}

const PRESENTATION_SHAPE = ["00700101", "00700102"];
const IMAGE_SHAPE = ["00280030", "00181164", "00280034"];
/** How much higher than wide pixels are; nothing where it isn't said. */
function shapeIn(header: Header, tags: readonly string[]): number | undefined {
  const [high, wide] = tags.map((tag) => numbers(header, tag)).find(({ length }) => length > 1) ?? [];
  return high && wide ? high / wide : undefined;
}
const MOST_OFF = 0.01;

const OVERLAYS = /^60[0-9A-F]{2}3000$/;
const many = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"} not drawn here`;

function areaNotes(state: Header, frame: Frame, mayTurn: boolean): (string | undefined)[] {
  const selected = selectionOf(state, frame);
  if (!selected) return [];
  const [area, isLess] = [areaOf(selected, turnedAs(state)), isPart(selected, sizeOf(frame))];
  const [said, own] = [
    shapeIn(selected, PRESENTATION_SHAPE),
    shapeIn(frame.instance.header, IMAGE_SHAPE) ?? 1,
  ];
  return [
    isLess && area && !mayTurn ? "A PART as presented, the whole picture here" : undefined,
    isLess && !area ? "A PART presented at odds with its turning, the whole picture here" : undefined,
    text(selected, "00700100") === "TRUE SIZE"
      ? "TRUE SIZE as presented: how large this screen is isn't known, fitted here"
      : undefined,
    said !== undefined && Math.abs(said / own - 1) > MOST_OFF
      ? "PIXELS of another shape as presented, of the image's own here"
      : undefined,
  ];
}

/** What was presented and is not applied. How it was turned is said of what is on the screen, beside it. */
function notesOf(state: ViewerInstance, frame: Frame, mayTurn: boolean): string[] {
  const { header } = state;
  const compound = items(header, "00700001")
    .filter((item) => holdsFor(item, frame))
    .reduce((sum, item) => sum + undrawnIn(item), 0);
  return [
    turnOf(header) ? undefined : "TURNED as presented by what isn't a quarter, not turned here",
    ...areaNotes(header, frame, mayTurn),
    kindOf(state) === PSEUDO_COLOUR ? "COLOURS as presented, not applied here" : undefined,
    compound > 0 ? many(compound, "compound drawing") : undefined,
  ].filter((note) => note !== undefined);
}

const layerOf = (header: Header, tag = "00700002") => text(header, tag) ?? "";

/** Layers, the lowest first. @see DICOM PS3.3 §C.10.7 */
const layerNames = (state: Header): string[] =>
  items(state, "00700060")
    .toSorted((a, b) => (number(a, "00700062") ?? 0) - (number(b, "00700062") ?? 0))
    .map((item) => layerOf(item));

type OnLayer = { plane: OverlayPlane; at: number; layer: string };

/** Planes that the state puts on a layer: its own, or the image's. All others of the image are no part of it. @see DICOM PS3.3 §C.11.7 */
function planesOf(state: Header, frame: Frame, of: Sources) {
  const lying = ({ planes }: { planes: readonly OverlayPlane[] }) =>
    planes.flatMap((plane) => {
      const [at, layer] = [planeFrame(plane, frame.frame), text(state, `${plane.group}1001`)];
      return at === undefined ? [] : [{ plane, at, layer }];
    });
  const isOn = (one: { layer: string | undefined }): one is OnLayer => one.layer !== undefined;
  const [own, images] = [lying(of.parts), lying(of.image)];
  const isOwn = ({ plane }: OnLayer) => own.some((one) => one.plane.group === plane.group);
  return {
    on: [...own.filter(isOn), ...images.filter(isOn).filter((one) => !isOwn(one))],
    left: images.filter((one) => !isOn(one)).length,
  };
}

/** Pixels that are hidden, one by one, and how white what hides them is. @see DICOM PS3.3 §C.7.6.15 */
function bitmapShutter(state: Header, frame: Frame, { parts }: Sources): BitmapShutter | undefined {
  const group = number(state, "00181623")?.toString(16).toUpperCase();
  const isBitmap = (state["00181600"]?.Value ?? []).includes("BITMAP");
  const plane = isBitmap ? parts.planes.find((one) => one.group === group) : undefined;
  const at = plane && planeFrame(plane, frame.frame);
  if (!plane || at === undefined) return undefined;
  return { plane, at, grey: Math.round(((number(state, "00181622") ?? 0) / 65_535) * 255) };
}

function layersOf(state: Header, placed: Placed, planes: readonly OnLayer[]): Layer[] {
  const names = layerNames(state);
  const used = [...placed.map(({ layer }) => layer), ...planes.map(({ layer }) => layer)];
  const all = [...names, ...new Set(used.filter((name) => !names.includes(name)))];
  return all
    .map((name) => ({
      name,
      planes: planes.filter(({ layer }) => layer === name),
      drawn: placed.filter(({ layer }) => layer === name).flatMap(({ drawn }) => drawn),
      words: placed.filter(({ layer }) => layer === name).flatMap(({ words }) => words),
    }))
    .filter(({ planes: lying, drawn, words }) => lying.length + drawn.length + words.length > 0);
}

type Placed = { layer: string; drawn: Drawn[]; words: Words[]; lost: number; unplaced: string[] }[];

function placedIn(state: Header, frame: Frame): Placed {
  const selected = selectionOf(state, frame);
  const place = placingIn(selected && areaOf(selected, turnedAs(state)));
  return items(state, "00700001")
    .filter((item) => holdsFor(item, frame))
    .map((annotation) => {
      const drawings = drawingsIn(annotation);
      const drawn = drawings.map((object) => drawnOf(object, place)).filter((one) => one !== undefined);
      const texts = wordsIn(annotation).map((object) => ({ object, words: wordsOf(object, place) }));
      return {
        layer: layerOf(annotation),
        drawn,
        words: texts.flatMap(({ words }) => words ?? []),
        lost: drawings.length - drawn.length,
        unplaced: texts.flatMap(({ object, words }) => (words ? [] : [linesOf(object).join(" ")])),
      };
    });
}

/** What a state is made of besides its header, and what stands beside the image's pixels. */
export type Sources = { parts: StateParts; image: Pick<Presentation, "modality" | "planes"> };
const NO_SOURCES: Sources = { parts: NO_PARTS, image: { modality: undefined, planes: [] } };

/**
 * How a state shows one picture.
 *
 * @param mayTurn - false where pictures stand by a rule of their own
 * @see DICOM PS3.3 §A.33
 */
export function lookOn(
  state: ViewerInstance,
  frame: Frame,
  of: Sources = NO_SOURCES,
  mayTurn = true,
): StateLook {
  const { header } = state;
  const name = nameOfState(state);
  const placed = placedIn(header, frame);
  const lost = placed.reduce((sum, one) => sum + one.lost, 0);
  const planes = planesOf(header, frame, of);
  const at = items(header, "00283110").findIndex((item) => holdsFor(item, frame));
  const item = items(header, "00283110")[at];
  const shades = shadesOf({
    ...{ state: header, parts: of.parts, frame, ownModality: of.image.modality, name },
    voi: item && { item, at },
  });
  const bitmap = bitmapShutter(header, frame, of);
  const unread = Object.keys(header).filter((tag) => OVERLAYS.test(tag)).length - of.parts.planes.length;
  return {
    instanceId: state.instanceId,
    name,
    turn: turnedAs(header),
    window: shades.window,
    layers: layersOf(header, placed, planes.on),
    shutter: shutterOf(header, 1, sizeOf(frame)),
    bitmap,
    notes: [
      ...(shades.note ? [shades.note] : []),
      ...notesOf(state, frame, mayTurn),
      ...(header["00181600"]?.Value?.includes("BITMAP") && !bitmap
        ? ["BITMAP SHUTTER not applied here"]
        : []),
      ...(unread > 0 ? [many(unread, "overlay plane")] : []),
      ...(planes.left > 0 ? [`${planes.left} of the image's own overlay planes left out, as presented`] : []),
      ...(lost > 0 ? [many(lost, "drawing")] : []),
      ...placed
        .flatMap(({ unplaced }) => unplaced)
        .filter(Boolean)
        .map((words) => `Without a place: ${words}`),
    ],
  };
}

/** What is said where a picture doesn't stand as it was presented; nothing where it does. */
export function turnNote({ turn }: Pick<StateLook, "turn">, isTurned: Turn): string | undefined {
  const wanted = turnText(turn);
  if (isSameTurn(turn, isTurned)) return undefined;
  return `${wanted ?? "UPRIGHT"} as presented, not turned so here`;
}
