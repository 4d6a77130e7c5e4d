import type { Hanging, HungStep, Screens } from "./hang.ts";
import type { HangingImage } from "./hanging-image.ts";

type Grid = { rows: number; columns: number };
export type Grids = Readonly<Record<string, Grid>>;

/** As many as are kept for one person; the one that was chosen longest ago goes. */
const MOST = 200;
const LONGEST_WORD = 40;

const word = (text: string | undefined): string =>
  (text ?? "").toUpperCase().replaceAll("/", " ").trim().slice(0, LONGEST_WORD);

const imagesOf = ({ places }: HungStep): HangingImage[] =>
  places.flatMap((place) => (place.kind === "hung" ? [place.image] : []));

/** The side of all that is read; nothing where there are two, or none is established. */
function sideOf(images: readonly HangingImage[]): string {
  const sides = new Set(images.map(({ side }) => (side.kind === "side" ? side.side : "")));
  return sides.size === 1 ? ([...sides][0] ?? "") : "";
}

/** By protocol, step and number of priors: what another modality or region hangs so has it, too. */
function plainKey({ protocolId }: Hanging, step: HungStep): string {
  const priors = new Set(imagesOf(step).map(({ prior }) => prior));
  priors.delete(0);
  return `${protocolId}/${step.name}/${priors.size}`;
}

/** By what a reader's own grid is kept: protocol, step, priors, and what is read: modality, region, side, on how many screens. */
export function gridKey(hanging: Hanging, step: HungStep, screens: Screens): string {
  const read = imagesOf(step).filter(({ prior }) => prior === 0);
  const what = [word(read[0]?.modality), word(read[0]?.bodyPart), sideOf(read)].join("/");
  return `${plainKey(hanging, step)}/${what}/${screens}`;
}

/** By what a reader's own grid of the second screen is kept. */
export const secondGridKey = (hanging: Hanging, step: HungStep): string =>
  `${gridKey(hanging, step, 2)}/second screen`;

/** The grid that the reader chose for such a study, if any: what was kept before it was kept so finely holds until they choose anew. */
export const ownGrid = (grids: Grids, hanging: Hanging, step: HungStep, screens: Screens): Grid | undefined =>
  grids[gridKey(hanging, step, screens)] ?? grids[plainKey(hanging, step)];

export const ownSecondGrid = (grids: Grids, hanging: Hanging, step: HungStep): Grid | undefined =>
  grids[secondGridKey(hanging, step)] ?? grids[`${plainKey(hanging, step)}/second screen`];

/** One more that was chosen, the last of them. */
export function withGrid(grids: Grids, key: string, grid: Grid): Record<string, Grid> {
  const others = Object.entries(grids).filter(([known]) => known !== key);
  return Object.fromEntries([...others.slice(-(MOST - 1)), [key, grid]]);
}
