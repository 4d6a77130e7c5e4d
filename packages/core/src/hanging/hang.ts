import { type HangingImage, idOf } from "./hanging-image.ts";
import type { Need, Protocol, ProtocolSlot, ProtocolStep } from "./protocol.ts";

export type HungPlace = {
  kind: "hung";
  image: HangingImage;
  flush?: "left" | "right" | undefined;
  window?: { name: string; center: number; width: number } | undefined;
};
export type Place = HungPlace | { kind: "missing"; text: string } | { kind: "empty" };
export type HungGrid = { rows: number; columns: number; places: Place[] };
export type HungStep = HungGrid & {
  name: string;
  /** On the second screen. Absent: what hung there stays. */
  second?: HungGrid | undefined;
};
/** How many windows there are to hang in. */
export type Screens = 1 | 2;
export type Hanging = {
  protocolId: string;
  name: string;
  isBySide: boolean;
  isOneScale: boolean;
  isUnflipped: boolean;
  /** One after the other by one key. */
  steps: HungStep[];
  /** In no place, because nobody can say in which: each with why. A person looks at them. */
  unplaced: { image: HangingImage; why: string }[];
  /** In no place of this protocol: in the strip. */
  listed: HangingImage[];
};

const REST = { rows: 2, columns: 2 } as const;
const by = (a: number | undefined, b: number | undefined) =>
  (a ?? Number.MAX_SAFE_INTEGER) - (b ?? Number.MAX_SAFE_INTEGER);

/** As they were acquired: by study, series number, image number; at last by id, so that it is the same each time. */
const inOrder = (a: HangingImage, b: HangingImage): number =>
  a.prior - b.prior ||
  by(a.seriesNumber, b.seriesNumber) ||
  by(a.instanceNumber, b.instanceNumber) ||
  idOf(a).localeCompare(idOf(b));

const wordIn = (text: string | undefined, words: readonly string[]): boolean => {
  const said = (text ?? "").toUpperCase().split(/[^A-Z0-9]+/);
  return words.some((word) => said.includes(word.toUpperCase()));
};

const isOfView = ({ view, extras }: HangingImage, views: readonly string[], isUnsaidToo: boolean): boolean =>
  extras.length === 0 && (view === undefined ? isUnsaidToo : views.includes(view));

/** Whether an image may take a place. What is magnified, rolled or only a part is never a plain view. */
function isWanted(image: HangingImage, { prior, want }: ProtocolSlot): boolean {
  const { side } = image;
  if (image.prior !== prior || image.kind === "document" || image.kind === "specimen") return false;
  if (!want.kinds.includes(image.kind)) return false;
  if (want.modalities && !want.modalities.includes(image.modality)) return false;
  if (want.side && !(side.kind === "side" && side.side === want.side)) return false;
  if (want.views && !isOfView(image, want.views, want.isViewUnsaid)) return false;
  if (want.isDisplaced !== undefined && want.isDisplaced !== image.isDisplaced) return false;
  if (want.words && !wordIn(image.description, want.words)) return false;
  if (want.not && wordIn(image.description, want.not)) return false;
  return want.atLeast === undefined || image.count >= want.atLeast;
}

/** Why an image takes no place where places have a side: its own is not established, or what it shows isn't. */
function whyUnplaced({ side, viewDoubt, kind }: HangingImage): string | undefined {
  if (kind === "document" || kind === "specimen") return undefined;
  if (side.kind === "doubt") return side.why;
  if (side.kind === "unpaired") return "the image says no side";
  return side.side === "B" ? "both sides are in one image" : viewDoubt;
}

function isMet(need: Need, images: readonly HangingImage[], screens: Screens): boolean {
  const current = images.filter(({ prior }) => prior === 0);
  const tests: Record<Need, () => boolean> = {
    prior: () => images.some(({ prior }) => prior === 1),
    "no-prior": () => images.every(({ prior }) => prior === 0),
    "second-prior": () => images.some(({ prior }) => prior === 2),
    tomosynthesis: () => current.some(({ kind }) => kind === "tomosynthesis"),
    synthetic: () => current.some(({ kind }) => kind === "synthetic"),
    displaced: () => current.some(({ isDisplaced }) => isDisplaced),
    "not-displaced": () => !current.some(({ isDisplaced }) => isDisplaced),
    "one-screen": () => screens === 1,
    "two-screens": () => screens === 2,
  };
  return tests[need]();
}

function applies(
  { needs, images: count }: ProtocolStep,
  images: readonly HangingImage[],
  screens: Screens,
): boolean {
  const many = images.filter(({ prior, kind }) => prior === 0 && kind !== "document").length;
  if (count?.atLeast !== undefined && many < count.atLeast) return false;
  if (count?.atMost !== undefined && many > count.atMost) return false;
  return needs.every((need) => isMet(need, images, screens));
}

/** Of several the kind that the place names first, then the one that was acquired first. */
function bestFor(slot: ProtocolSlot, images: readonly HangingImage[]): HangingImage | undefined {
  const wanted = images.filter((image) => isWanted(image, slot));
  const kind = slot.want.kinds.find((one) => wanted.some((image) => image.kind === one));
  return wanted.find((image) => image.kind === kind);
}

/** Each place takes the first that it may have and that hangs in no earlier one, on either screen. */
function fillGrid(
  { slots, rows, columns }: Pick<ProtocolStep, "slots" | "rows" | "columns">,
  images: readonly HangingImage[],
  used: Set<string>,
): HungGrid {
  const places = slots.map((slot): Place => {
    const image = bestFor(
      slot,
      images.filter((one) => slot.again || !used.has(idOf(one))),
    );
    if (!image)
      return slot.missing === undefined ? { kind: "empty" } : { kind: "missing", text: slot.missing };
    used.add(idOf(image));
    return { kind: "hung", image, flush: slot.flush, window: slot.window };
  });
  return { rows, columns, places };
}

const isHung = ({ kind }: Place) => kind === "hung";

function fill(step: ProtocolStep, images: readonly HangingImage[], screens: Screens): HungStep {
  const used = new Set<string>();
  const first = fillGrid(step, images, used);
  const second = screens === 2 && step.second ? fillGrid(step.second, images, used) : undefined;
  return { name: step.name, ...first, second: second?.places.some(isHung) ? second : undefined };
}

const hungIn = ({ places, second }: HungStep): string[] =>
  [...places, ...(second?.places ?? [])].flatMap((place) =>
    place.kind === "hung" ? [idOf(place.image)] : [],
  );

/** A repeated step goes on with what hasn't hung in it yet. */
function stepsOf(step: ProtocolStep, images: readonly HangingImage[], screens: Screens): HungStep[] {
  const first = fill(step, images, screens);
  if (!step.isRepeated) return [first];
  const steps: HungStep[] = [];
  let left = images;
  for (let next = first; hungIn(next).length > 0; next = fill(step, left, screens)) {
    const done = new Set(hungIn(next));
    steps.push(next);
    left = left.filter((one) => !done.has(idOf(one)));
  }
  return steps;
}

/** What took no place, four at a time: seen by the same key as the rest, never left out by a protocol. */
function restOf(images: readonly HangingImage[]): HungStep[] {
  const size = REST.rows * REST.columns;
  return Array.from({ length: Math.ceil(images.length / size) }, (_, page) => ({
    name: "Other images",
    ...REST,
    places: images.slice(page * size, (page + 1) * size).map((image): Place => ({ kind: "hung", image })),
  }));
}

const isPicture = ({ kind }: HangingImage) => kind !== "document" && kind !== "specimen";

/** A prior for which the protocol has no place is asked for all the same: it hangs beside what is read. */
function besidePriors(
  steps: readonly HungStep[],
  images: readonly HangingImage[],
  screens: Screens,
): HungStep[] {
  const placed = new Set(steps.flatMap(hungIn));
  const pictures = images.filter(isPicture);
  const current = pictures.find(({ prior }) => prior === 0);
  const priors = [...new Set(pictures.map(({ prior }) => prior))].filter((prior) => prior > 0);
  return priors.flatMap((prior): HungStep[] => {
    const mine = pictures.filter((image) => image.prior === prior);
    const [first] = mine;
    if (!first || !current || mine.some((image) => placed.has(idOf(image)))) return [];
    const places = [current, first].map((image): Place => ({ kind: "hung", image }));
    if (screens === 1) return [{ name: "Beside the prior", rows: 1, columns: 2, places }];
    const [read = [], beside = []] = places.map((place) => [place]);
    const second = { rows: 1, columns: 1, places: beside };
    return [{ name: "The prior on the second screen", rows: 1, columns: 1, places: read, second }];
  });
}

/** A step in which nothing would hang is left out; where sides count, the first says what is missing. */
const isShown = (protocol: Protocol) => (step: HungStep, index: number) =>
  hungIn(step).length > 0 || (protocol.isBySide && index === 0);

/**
 * Where each image of the open studies hangs. Pure. Every image is in a step, in the tray or listed: none is lost.
 *
 * @param images - of the study that is read and of its priors, in any order
 */
export function hang(protocol: Protocol, images: readonly HangingImage[], screens: Screens = 1): Hanging {
  const sorted = [...images].sort(inOrder);
  const unplaced = sorted.flatMap((image) => {
    const why = protocol.isBySide ? whyUnplaced(image) : undefined;
    return why === undefined ? [] : [{ image, why }];
  });
  const inTray = new Set(unplaced.map(({ image }) => idOf(image)));
  const hangable = sorted.filter((image) => !inTray.has(idOf(image)));
  const own = protocol.steps
    .filter((step) => applies(step, hangable, screens))
    .flatMap((step) => stepsOf(step, hangable, screens))
    .filter(isShown(protocol));
  const steps = [...besidePriors(own, hangable, screens), ...own];
  const placed = new Set(steps.flatMap(hungIn));
  const left = hangable.filter((image) => !placed.has(idOf(image)));
  const isRest = (image: HangingImage) => protocol.rest === "steps" && image.prior === 0 && isPicture(image);
  return {
    protocolId: protocol.id,
    name: protocol.name,
    isBySide: protocol.isBySide,
    isOneScale: protocol.isOneScale,
    isUnflipped: protocol.isUnflipped,
    steps: [...steps, ...restOf(left.filter(isRest))],
    unplaced,
    listed: left.filter((image) => !isRest(image)),
  };
}

/** Where there is no picture to hang, the first document of the study that is read is shown: nothing opens empty. */
function withDocument(hanging: Hanging): Hanging {
  const first = hanging.listed.find(({ prior }) => prior === 0);
  if (!first) return hanging;
  const step: HungStep = { name: "Document", rows: 1, columns: 1, places: [{ kind: "hung", image: first }] };
  return { ...hanging, steps: [step], listed: hanging.listed.filter((one) => one !== first) };
}

/** The first of these protocols by which something hangs, or which says what is missing. */
export function hangByFirst(
  protocols: readonly Protocol[],
  images: readonly HangingImage[],
  screens: Screens = 1,
): Hanging | undefined {
  const hangings = protocols.map((protocol) => hang(protocol, images, screens));
  const found = hangings.find(({ steps }) => steps.length > 0);
  const last = hangings.at(-1);
  return found ?? (last && withDocument(last));
}
