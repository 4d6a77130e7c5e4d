import { paintedPlane } from "../pixels/overlay-plane.ts";
import { canvasAt, type Placed } from "../stack/placed.ts";
import { type Drawings, NO_DRAWINGS } from "./on-picture.ts";

const PADDING = 12;
const LINE = 20;
const INK = "rgb(255 214 92)";
const MARKS = [255, 214, 92] as const;

export type PictureText = {
  /** Who it is, and whose: left out of a picture without patient text. */
  patient: readonly string[];
  /** CURRENT or PRIOR, side, loss, DEMONSTRATION: never left out (clinical page §9, §12, §22). */
  always: readonly string[];
};
/** What is drawn on it, and where the picture lies on its canvas. */
export type Overlaid = { drawings: Drawings; placed: Placed };

function write(context: CanvasRenderingContext2D, lines: readonly string[], top: number): void {
  context.font = "600 14px sans-serif";
  context.fillStyle = "white";
  context.textBaseline = "top";
  for (const [index, line] of lines.entries()) context.fillText(line, PADDING, top + index * LINE);
}

/** Planes, then lines, then words, as on the screen. `ratio`: canvas pixels to one of the page. */
function draw(context: CanvasRenderingContext2D, { drawings, placed }: Overlaid, ratio: number): void {
  const [a, b, c, d, e, f] = placed.matrix;
  const inPicture = new DOMMatrix([a, b, c, d, e, f]);
  for (const { plane, at } of drawings.planes) {
    const painted = document.createElement("canvas");
    [painted.width, painted.height] = [plane.columns, plane.rows];
    const image = new ImageData(paintedPlane(plane, at, MARKS), plane.columns, plane.rows);
    painted.getContext("2d")?.putImageData(image, 0, 0);
    context.save();
    context.imageSmoothingEnabled = false;
    context.transform(ratio * a, ratio * b, ratio * c, ratio * d, ratio * e, ratio * f);
    context.drawImage(painted, plane.left, plane.top);
    context.restore();
  }
  context.save();
  context.scale(ratio, ratio);
  context.strokeStyle = INK;
  context.lineCap = "round";
  for (const { path, isPoint } of drawings.paths) {
    // The path goes through the picture's own matrix, its line doesn't: it is as thick at any zoom.
    const onCanvas = new Path2D();
    onCanvas.addPath(new Path2D(path), inPicture);
    context.lineWidth = isPoint ? 7 : 2;
    context.stroke(onCanvas);
  }
  context.font = "15px sans-serif";
  context.textBaseline = "top";
  for (const { lines, at } of drawings.words) {
    const [x, y] = canvasAt(placed, at);
    for (const [index, line] of lines.entries()) {
      context.strokeStyle = "black";
      context.lineWidth = 3;
      context.strokeText(line, x + 4, y + 4 + index * LINE);
      context.fillStyle = INK;
      context.fillText(line, x + 4, y + 4 + index * LINE);
    }
  }
  context.restore();
}

/**
 * What is on a canvas at full detail, as a file, its text in bands of its own. Drawings stand over the picture where they are
 * asked for, and else nothing does.
 */
export async function pictureOf(
  canvas: HTMLCanvasElement,
  { patient, always }: PictureText,
  type: "image/png" | "image/jpeg",
  overlaid?: Overlaid,
): Promise<Blob> {
  const { under } = overlaid?.drawings ?? NO_DRAWINGS;
  const below = [...always, ...under];
  const copy = document.createElement("canvas");
  const head = patient.length > 0 ? patient.length * LINE + 2 * PADDING : 0;
  copy.width = canvas.width;
  copy.height = head + canvas.height + below.length * LINE + 2 * PADDING;
  const context = copy.getContext("2d");
  if (!context) throw new Error("This browser makes no pictures.");
  context.fillStyle = "black";
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, head);
  if (overlaid) {
    context.save();
    context.beginPath();
    context.rect(0, head, canvas.width, canvas.height);
    context.clip();
    context.translate(0, head);
    draw(context, overlaid, canvas.width / Math.max(1, canvas.clientWidth));
    context.restore();
  }
  write(context, patient, PADDING);
  write(context, below, head + canvas.height + PADDING);
  const blob = await new Promise<Blob | null>((resolve) => copy.toBlob(resolve, type, 0.95));
  if (!blob) throw new Error("The picture could not be made.");
  return blob;
}

/** Gives a file to the browser to keep. Its name says nothing of the patient. */
export function keepFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
