import {
  BREAST,
  breastOrientation,
  MG_VIEWS,
  type Modifier,
  specimenCode,
  viewCode,
} from "./breast-views.ts";
import type { Said } from "./dataset.ts";
import { MG, type MgView, mammogramAt } from "./mammogram.ts";
import { commonModules, instanceOf, pixelModule, type Series } from "./modules.ts";
import { type Draw, pixels16 } from "./pixels.ts";
import { digitalXray, type Made } from "./radiographs.ts";
import { seedOf } from "./random.ts";
import type { DemoStudy } from "./studies.ts";
import { tomosynthesisSeries } from "./tomosynthesis.ts";

const MG_CLASS = "1.2.840.10008.5.1.4.1.1.1.2";
/** A contact view is a little larger than the breast; one on the magnification stand much. */
const MAGNIFIED = 1.8;

type Kind = {
  key: string;
  description: string;
  view: MgView;
  modifiers?: readonly Modifier[];
  /** Computed from a tomosynthesis, not exposed. */
  isSynthetic?: boolean;
  isSpecimen?: boolean;
  hasImplant?: boolean;
  /** Pixels a pixel of the phantom: small files where the picture needs no more. */
  shrunk?: number;
};

const nameOf = ({ side, view }: MgView) => `${side} ${view}`;
const plain = (view: MgView): Kind => ({ key: `${view.side}${view.view}`, description: nameOf(view), view });

/** A bright disc with a sharp edge behind the gland; displaced, it is pushed out of the picture. */
function implantAt(column: number, row: number, { side, view }: MgView): number {
  const out = (side === "L" ? column : MG.columns - 1 - column) / MG.columns;
  const away = Math.hypot(out / 0.36, (row / MG.rows - (view === "CC" ? 0.48 : 0.54)) / 0.27);
  return away < 1 ? 1500 : 0;
}

/** A lump of tissue with a wire, on nothing. */
function specimenAt(column: number, row: number, seed: number): number {
  const [x, y] = [column / MG.columns - 0.5, row / MG.rows - 0.5];
  const edge = 0.22 + 0.02 * Math.sin(9 * Math.atan2(y, x) + (seed % 7));
  if (Math.abs(x + y * 0.4) < 0.004) return 3900;
  return Math.hypot(x, y * 1.33) < edge ? 2100 : 60;
}

/** What doesn't change from pixel to pixel is made once: a picture has half a million. */
function drawn(
  { view, modifiers = [], ...kind }: Kind,
  { seed, mass }: { seed: number; mass: boolean },
): Draw {
  if (kind.isSpecimen) return (column, row) => specimenAt(column, row, seed);
  const look = { ...view, seed, mass };
  const isMagnified = modifiers.includes("magnified");
  const showsImplant = kind.hasImplant && !modifiers.includes("displaced");
  // Round the mass, as much larger as the stand makes it.
  const from = (at: number, middle: number) => (isMagnified ? middle + (at - middle) / MAGNIFIED : at);
  return (column, row) => {
    const value = mammogramAt(Math.round(from(column, 264)), Math.round(from(row, 304)), look);
    return Math.min(3999, value + (showsImplant ? implantAt(column, row, view) : 0));
  };
}

const typeOf = ({ isSynthetic }: Kind): Said =>
  isSynthetic ? ["DERIVED", "PRIMARY", "", "GENERATED_2D"] : ["ORIGINAL", "PRIMARY", ""];

const derivedFrom = ({ isSynthetic }: Kind): Record<string, Said> =>
  isSynthetic ? { DerivationDescription: "2D image computed from tomosynthesis" } : {};

function made(study: DemoStudy, kind: Kind, number: number): Made {
  const { view, shrunk = 1, modifiers = [] } = kind;
  const series: Series = {
    key: kind.key,
    number,
    modality: "MG",
    description: kind.description,
    protocol: kind.isSpecimen ? "Specimen" : "Mammography",
  };
  const mass = study.special?.look === "mass" && view.side === "L";
  const look = { seed: seedOf(`${study.key} ${view.side}${view.view}`), mass };
  const [columns, rows] = [MG.columns / shrunk, MG.rows / shrunk];
  const attributes = {
    ...commonModules({ study, series, instance: 1, sopClassUid: MG_CLASS }),
    ...digitalXray({ spacingMm: MG.spacingMm * shrunk, window: [1500, 2800], view: view.view }),
    ImageType: typeOf(kind),
    ...derivedFrom(kind),
    BodyPartExamined: "BREAST",
    ImageLaterality: view.side,
    OrganExposed: "BREAST",
    PatientOrientation: breastOrientation(view),
    PositionerType: "MAMMOGRAPHIC",
    EstimatedRadiographicMagnificationFactor: modifiers.includes("magnified") ? MAGNIFIED : MG.magnification,
    AnatomicRegionSequence: { ...BREAST },
    ViewCodeSequence: kind.isSpecimen ? specimenCode() : viewCode(view.view, modifiers),
    BreastImplantPresent: kind.hasImplant ? "YES" : "NO",
    PartialView: "NO",
    ...pixelModule({ columns, rows, bitsStored: 12 }),
  };
  const draw = drawn(kind, look);
  const pixelData = pixels16(columns, rows, (column, row) => draw(column * shrunk, row * shrunk));
  return { series: series.key, instance: 1, dataset: instanceOf(attributes), pixelData };
}

export const mammogramStudy = (study: DemoStudy): Made[] =>
  MG_VIEWS.map((view, index) => made(study, plain(view), index + 1));

/** Slabs of both breasts, and of each view the 2D image that was computed from them: no other was exposed. */
export function tomosynthesisStudy(study: DemoStudy): Made[] {
  const synthetic = MG_VIEWS.map((view, index) =>
    made(
      study,
      { ...plain(view), description: `${nameOf(view)} C-View`, isSynthetic: true, shrunk: 2 },
      index + 1,
    ),
  );
  return [...synthetic, ...tomosynthesisSeries(study, synthetic.length + 1)];
}

/** Implants: each view, and again with the implant displaced; then one on the magnification stand, and a specimen. */
export function implantStudy(study: DemoStudy): Made[] {
  const kinds: Kind[] = [
    ...MG_VIEWS.map((view) => ({ ...plain(view), hasImplant: true, shrunk: 2 })),
    ...MG_VIEWS.map((view) => ({
      ...{ key: `${view.side}${view.view}-id`, description: `${nameOf(view)} ID`, view },
      ...{ modifiers: ["displaced"] as const, hasImplant: true, shrunk: 2 },
    })),
    {
      ...{ key: "LCC-mag", description: "L CC Magnification", view: { side: "L", view: "CC" } },
      ...{ modifiers: ["magnified"] as const, hasImplant: true, shrunk: 2 },
    },
    {
      ...{ key: "specimen", description: "L Specimen", view: { side: "L", view: "CC" } },
      ...{ isSpecimen: true, shrunk: 2 },
    },
  ];
  return kinds.map((kind, index) => made(study, kind, index + 1));
}
