import { numbers, text } from "../header.ts";
import { lossyText } from "../marks/quality.ts";
import {
  line,
  type Measured,
  type MeasuredImage,
  type MeasureTool,
  type Places,
  type Value,
} from "./measured.ts";
import { type Point, type Scale, scaleFor } from "./spacing.ts";
import { areaOf, ellipseOf, statisticsOf } from "./statistics.ts";
import { isColour, unitOf } from "./units.ts";

type FoundScale = Extract<Scale, { kind: "scale" }>;
const pixelsBetween = (a: Point, b: Point) => Math.hypot(b.column - a.column, b.row - a.row);
const mmBetween = (scale: FoundScale, a: Point, b: Point) =>
  Math.hypot((b.column - a.column) * scale.columnMm, (b.row - a.row) * scale.rowMm);

/** One scale that holds for all these places, or why there is none. */
function scaleOf({ header, frame }: MeasuredImage, places: Places): Scale {
  const [first] = places;
  if (!first) return { kind: "none", why: "nothing is drawn" };
  let found: Scale = scaleFor(header, frame, first, first);
  for (const place of places) {
    found = scaleFor(header, frame, first, place);
    if (found.kind === "none") return found;
  }
  return found;
}

const nothing = (why: string, lines: string[]): Measured => ({ values: [], source: why, lines });
const told = (values: Value[], source: string): Measured => ({
  values,
  source,
  lines: [...values.map(line), `(${source})`],
});

function length(image: MeasuredImage, [a, b]: Places): Measured {
  if (!a || !b) return nothing("", []);
  const scale = scaleOf(image, [a, b]);
  if (scale.kind === "none")
    return nothing(scale.why, [`${pixelsBetween(a, b).toFixed(0)} px, ${scale.why}`]);
  const value = mmBetween(scale, a, b);
  return {
    values: [{ name: "Length", value, unit: "mm" }],
    source: scale.source,
    lines: [`${value.toFixed(1)} mm (${scale.source})`],
  };
}

function bidirectional(image: MeasuredImage, places: Places): Measured {
  const [a, b, c, d] = places;
  if (!a || !b || !c || !d) return nothing("", []);
  const scale = scaleOf(image, places);
  if (scale.kind === "none") {
    const axes = [pixelsBetween(a, b), pixelsBetween(c, d)].sort((one, other) => other - one);
    return nothing(scale.why, [`${axes.map((axis) => axis.toFixed(0)).join(" × ")} px, ${scale.why}`]);
  }
  // The longer is the long axis, whichever was drawn first.
  const [long = 0, short = 0] = [mmBetween(scale, a, b), mmBetween(scale, c, d)].sort(
    (one, other) => other - one,
  );
  return told(
    [
      { name: "Long axis", value: long, unit: "mm" },
      { name: "Short axis", value: short, unit: "mm" },
    ],
    scale.source,
  );
}

/** An angle needs no size of a pixel, only its shape: from the scale, else Pixel Aspect Ratio, else square unless it is ultrasound. */
function shapeOf(image: MeasuredImage, places: Places): FoundScale | undefined {
  const scale = scaleOf(image, places);
  if (scale.kind === "scale") return scale;
  const [vertical, horizontal] = numbers(image.header, "00280034");
  if (vertical && horizontal)
    return { kind: "scale", rowMm: vertical, columnMm: horizontal, source: "by Pixel Aspect Ratio" };
  if (text(image.header, "00080060") === "US") return undefined;
  return { kind: "scale", rowMm: 1, columnMm: 1, source: "pixels taken as square" };
}

function angle(image: MeasuredImage, places: Places): Measured {
  const [a, corner, b] = places;
  if (!a || !corner || !b) return nothing("", []);
  const shape = shapeOf(image, places);
  if (!shape)
    return nothing("angle not shown: not all in one calibrated region", [
      "angle not shown: not all in one calibrated region",
    ]);
  const arm = (to: Point) => [
    (to.column - corner.column) * shape.columnMm,
    (to.row - corner.row) * shape.rowMm,
  ];
  const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = [arm(a), arm(b)];
  const value = Math.abs((Math.atan2(x1 * y2 - y1 * x2, x1 * x2 + y1 * y2) * 180) / Math.PI);
  return {
    values: [{ name: "Angle", value, unit: "°" }],
    source: shape.source,
    lines: [`${value.toFixed(1)}° (${shape.source})`],
  };
}

/** Values of pixels, where there is one value a pixel and its full detail is here. */
function unitFor({
  header,
  frame,
  pixels,
  isThroughTable,
}: MeasuredImage): { unit: string } | { why: string } {
  if (isColour(header)) return { why: "colour: a pixel has no one value" };
  return pixels ? { unit: unitOf(header, frame, isThroughTable) } : { why: "values wait for full detail" };
}

function ellipse(image: MeasuredImage, places: Places): Measured {
  const shape = ellipseOf(places);
  if (!shape) return nothing("", []);
  const scale = scaleOf(image, places);
  const area = areaOf(shape);
  const [of, source] =
    scale.kind === "scale"
      ? [{ name: "Area", value: area * scale.rowMm * scale.columnMm, unit: "mm²" }, scale.source]
      : [{ name: "Area", value: area, unit: "px" }, scale.why];
  const unit = unitFor(image);
  if ("why" in unit) return { ...told([of], source), lines: [line(of), `(${source})`, unit.why] };
  const found = image.pixels && statisticsOf(shape, image.pixels);
  if (!found) return { ...told([of], source), lines: [line(of), `(${source})`, "no pixel lies inside"] };
  const { mean, deviation, least, most } = found;
  return told(
    [
      { name: "Mean", value: mean, unit: unit.unit },
      { name: "SD", value: deviation, unit: unit.unit },
      { name: "Least", value: least, unit: unit.unit },
      { name: "Most", value: most, unit: unit.unit },
      of,
    ],
    source,
  );
}

function probe(image: MeasuredImage, [place]: Places): Measured {
  const unit = unitFor(image);
  if ("why" in unit) return nothing(unit.why, [unit.why]);
  const { pixels } = image;
  const [column, row] = [Math.floor(place?.column ?? -1), Math.floor(place?.row ?? -1)];
  if (!pixels || column < 0 || row < 0 || column >= pixels.columns || row >= pixels.rows)
    return nothing("outside the image", ["outside the image"]);
  const value = pixels.at(column, row);
  return {
    values: [{ name: "Value", value, unit: unit.unit }],
    source: `column ${column + 1}, row ${row + 1}`,
    lines: [`${Number.isInteger(value) ? value : value.toFixed(1)} ${unit.unit}`],
  };
}

const BY_TOOL: Record<MeasureTool, (image: MeasuredImage, places: Places) => Measured> = {
  length,
  bidirectional,
  angle,
  ellipse,
  probe,
  arrow: () => nothing("", []),
};
const READS_VALUES: readonly MeasureTool[] = ["ellipse", "probe"];

/** What is told of a drawing, in our own words from our own scale. Values that went through loss say so. */
export function measure(
  tool: MeasureTool,
  places: Places,
  image: MeasuredImage,
  transferSyntaxUid = "",
): Measured {
  const measured = BY_TOOL[tool](image, places);
  const lossy = lossyText(image.header, transferSyntaxUid);
  if (!lossy || !READS_VALUES.includes(tool) || measured.values.length === 0) return measured;
  return {
    ...measured,
    source: [measured.source, lossy].filter(Boolean).join(", "),
    lines: [...measured.lines, lossy],
  };
}
