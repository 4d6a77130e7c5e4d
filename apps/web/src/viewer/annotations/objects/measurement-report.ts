import type { Header } from "../../contract.ts";
import type { Shape } from "../contract.ts";
import {
  type Code,
  code,
  decimal,
  evidence,
  headOf,
  items,
  type Making,
  one,
  type Referred,
  reference,
  several,
  sorted,
} from "./dataset.ts";

const COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33";
/** The tools' own names, by which other viewers that are built on cornerstone read it too. */
const TRACKED = "Cornerstone3DTools@^0.1.0";
const TRACKED_AS: Record<string, string> = {
  length: "Length",
  bidirectional: "Bidirectional",
  angle: "Angle",
  ellipse: "EllipticalROI",
  probe: "Probe",
};
const PLACE_OF_SCALE: Code = ["SCALE", "99WEALD", "Source of the scale"];

/** What each value is called. @see DICOM PS3.16 CID 7469, 7464 */
export const CONCEPTS: Record<string, Code> = {
  Length: ["410668003", "SCT", "Length"],
  "Long axis": ["103339001", "SCT", "Long Axis"],
  "Short axis": ["103340004", "SCT", "Short Axis"],
  Angle: ["1483009", "SCT", "Angle"],
  Area: ["42798000", "SCT", "Area"],
  Mean: ["373098007", "SCT", "Mean"],
  SD: ["386136009", "SCT", "Standard Deviation"],
  Least: ["255605001", "SCT", "Minimum"],
  Most: ["56851009", "SCT", "Maximum"],
  Value: ["VALUE", "99WEALD", "Value of a pixel"],
};

/** UCUM; what it has no unit for stands in braces, which it allows. @see DICOM PS3.16 CID 7181 */
export const UNITS: Record<string, Code> = {
  mm: ["mm", "UCUM", "millimeter"],
  "mm²": ["mm2", "UCUM", "square millimeter"],
  "°": ["deg", "UCUM", "degree"],
  px: ["{pixels}", "UCUM", "pixels"],
  HU: ["[hnsf'U]", "UCUM", "Hounsfield unit"],
  "Bq/ml": ["Bq/ml", "UCUM", "Becquerels/milliliter"],
  "stored values": ["{stored}", "UCUM", "stored values"],
  "rescaled, unit not stated": ["{rescaled}", "UCUM", "rescaled, unit not stated"],
};
const unitCode = (unit: string): Code => UNITS[unit] ?? [`{${unit.slice(0, 14)}}`, "UCUM", unit.slice(0, 64)];

export type Reported = { shape: Shape; referred: Referred; trackingUid: string };
export type Observer = { name: string; organisation: string };

type Item = { relation: string; type: string; name: Code; more: Header };
const item = ({ relation, type, name, more }: Item): Header => ({
  "0040A010": one("CS", relation),
  "0040A040": one("CS", type),
  "0040A043": code(name),
  ...more,
});
const container = (relation: string, name: Code, content: readonly Header[]): Header =>
  item({
    ...{ relation, type: "CONTAINER", name },
    more: { "0040A050": one("CS", "SEPARATE"), "0040A730": items(...content) },
  });
const coded = (relation: string, name: Code, value: Code): Header =>
  item({ relation, type: "CODE", name, more: { "0040A168": code(value) } });
const text = (relation: string, name: Code, value: string): Header =>
  item({ relation, type: "TEXT", name, more: { "0040A160": one("UT", value) } });

/** The ends of a drawing as DICOM orders them: of an ellipse the longer axis first. @see DICOM PS3.3 §C.18.6.1.2 */
function drawingFor(value: string, { tool, places }: Shape): { type: string; places: Shape["places"] } {
  const [a, b, c, d] = places;
  if (tool === "probe") return { type: "POINT", places };
  // Other viewers that are built on cornerstone have two lines here, of which the corner ends one and begins the other.
  if (tool === "angle" && a && b && c) return { type: "POLYLINE", places: [a, b, b, c] };
  if (!a || !b || !c || !d) return { type: "POLYLINE", places };
  const [first, second] = [
    Math.hypot(b.column - a.column, b.row - a.row),
    Math.hypot(d.column - c.column, d.row - c.row),
  ];
  if (tool === "ellipse") return { type: "ELLIPSE", places: first >= second ? [a, b, c, d] : [c, d, a, b] };
  return { type: "POLYLINE", places: value === "Short axis" ? [c, d] : [a, b] };
}

function placesItem(value: string, { shape, referred }: Reported): Header {
  const { type, places } = drawingFor(value, shape);
  const image: Header = {
    "0040A010": one("CS", "SELECTED FROM"),
    "0040A040": one("CS", "IMAGE"),
    "00081199": items(reference(referred)),
  };
  return {
    "0040A010": one("CS", "INFERRED FROM"),
    "0040A040": one("CS", "SCOORD"),
    "00700022": several(
      "FL",
      places.flatMap(({ column, row }) => [Math.fround(column), Math.fround(row)]),
    ),
    "00700023": one("CS", type),
    "0040A730": items(image),
  };
}

function numeric(value: Shape["values"][number], reported: Reported): Header {
  const measured: Header = {
    "004008EA": code(unitCode(value.unit)),
    "0040A30A": one("DS", decimal(value.value)),
  };
  return item({
    ...{ relation: "CONTAINS", type: "NUM", name: CONCEPTS[value.name] ?? ["VALUE", "99WEALD", value.name] },
    more: { "0040A300": items(measured), "0040A730": items(placesItem(value.name, reported)) },
  });
}

/** Long axis first, as its ends were drawn: which pair it was, its own places say. */
function longFirst({ shape, ...rest }: Reported): Reported {
  const [a, b, c, d] = shape.places;
  if (shape.tool !== "bidirectional" || !a || !b || !c || !d) return { shape, ...rest };
  const long = shape.values.find(({ name }) => name === "Long axis")?.value ?? 0;
  const short = shape.values.find(({ name }) => name === "Short axis")?.value ?? 0;
  const [x, y] = [
    Math.hypot(b.column - a.column, b.row - a.row),
    Math.hypot(d.column - c.column, d.row - c.row),
  ];
  // Of two pairs, the one whose share of pixels is nearer to the share of millimetres.
  const isFirst = Math.abs(x * short - y * long) <= Math.abs(y * short - x * long);
  return { shape: isFirst ? shape : { ...shape, places: [c, d, a, b] }, ...rest };
}

/** @see DICOM PS3.16 TID 1501 */
function group(given: Reported): Header {
  const reported = longFirst(given);
  const { shape, trackingUid } = reported;
  return container(
    "CONTAINS",
    ["125007", "DCM", "Measurement Group"],
    [
      text(
        "HAS OBS CONTEXT",
        ["112039", "DCM", "Tracking Identifier"],
        `${TRACKED}:${TRACKED_AS[shape.tool]}`,
      ),
      item({
        ...{ relation: "HAS OBS CONTEXT", type: "UIDREF" },
        ...{
          name: ["112040", "DCM", "Tracking Unique Identifier"],
          more: { "0040A124": one("UI", trackingUid) },
        },
      }),
      ...shape.values.map((value) => numeric(value, reported)),
      ...(shape.label ? [text("CONTAINS", ["121106", "DCM", "Comment"], shape.label)] : []),
      ...(shape.source ? [text("CONTAINS", PLACE_OF_SCALE, shape.source)] : []),
    ],
  );
}

const personName = (name: string) => {
  const words = name.replaceAll(/\b(Dr|Mr|Mrs|Ms|Miss|Prof)\.?\s+/g, "").split(/\s+/);
  return { Alphabetic: [words.at(-1) ?? name, words.slice(0, -1).join(" ")].filter(Boolean).join("^") };
};

function content(reported: readonly Reported[], { name, organisation }: Observer): Header[] {
  return [
    coded(
      "HAS CONCEPT MOD",
      ["121049", "DCM", "Language of Content Item and Descendants"],
      ["en-GB", "RFC5646", "English (United Kingdom)"],
    ),
    coded("HAS OBS CONTEXT", ["121005", "DCM", "Observer Type"], ["121006", "DCM", "Person"]),
    item({
      ...{ relation: "HAS OBS CONTEXT", type: "PNAME", name: ["121008", "DCM", "Person Observer Name"] },
      more: { "0040A123": one("PN", personName(name)) },
    }),
    text("HAS OBS CONTEXT", ["121009", "DCM", "Person Observer's Organization Name"], organisation),
    coded(
      "HAS CONCEPT MOD",
      ["121058", "DCM", "Procedure reported"],
      ["363679005", "SCT", "Imaging procedure"],
    ),
    container("CONTAINS", ["126010", "DCM", "Imaging Measurements"], reported.map(group)),
  ];
}

/** Arrows measure nothing, and what was told in pixels alone for want of a scale has no value to report. */
export const isReportable = ({ tool, values }: Shape): boolean => tool !== "arrow" && values.length > 0;

/**
 * Published measurements of a study as a structured report. The values are the ones that were shown, and each says where its
 * scale comes from.
 *
 * @see DICOM PS3.16 TID 1500 (Measurement Report), PS3.3 §A.35.3 (Comprehensive SR)
 */
export function measurementReport(making: Making, reported: readonly Reported[], observer: Observer): Header {
  const studyInstanceUid = String(making.like["0020000D"]?.Value?.[0] ?? "");
  return sorted({
    ...headOf(making, { sopClassUid: COMPREHENSIVE_SR, modality: "SR" }),
    "0040A040": one("CS", "CONTAINER"),
    "0040A043": code(["126000", "DCM", "Imaging Measurement Report"]),
    "0040A050": one("CS", "SEPARATE"),
    "0040A372": items(),
    "0040A375": items(
      evidence(
        studyInstanceUid,
        reported.map(({ referred }) => referred),
      ),
    ),
    "0040A491": one("CS", "PARTIAL"),
    "0040A493": one("CS", "UNVERIFIED"),
    "0040A504": items({ "00080105": one("CS", "DCMR"), "0040DB00": one("CS", "1500") }),
    "0040A730": items(...content(reported, observer)),
  });
}
