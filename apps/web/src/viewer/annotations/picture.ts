const PADDING = 12;
const LINE = 20;

export type PictureText = {
  /** Who it is, and whose: left out of a picture without patient text. */
  patient: readonly string[];
  /** CURRENT or PRIOR, side, loss, DEMONSTRATION: never left out (clinical page §9, §12, §22). */
  always: readonly string[];
};

function write(context: CanvasRenderingContext2D, lines: readonly string[], top: number): void {
  context.font = "600 14px sans-serif";
  context.fillStyle = "white";
  context.textBaseline = "top";
  for (const [index, line] of lines.entries()) context.fillText(line, PADDING, top + index * LINE);
}

/**
 * What is on a canvas at full detail, as a file, its text in bands of its own: nothing is written over the picture.
 * Drawings and labels are not in it.
 */
export async function pictureOf(
  canvas: HTMLCanvasElement,
  { patient, always }: PictureText,
  type: "image/png" | "image/jpeg",
): Promise<Blob> {
  const copy = document.createElement("canvas");
  const head = patient.length > 0 ? patient.length * LINE + 2 * PADDING : 0;
  copy.width = canvas.width;
  copy.height = head + canvas.height + always.length * LINE + 2 * PADDING;
  const context = copy.getContext("2d");
  if (!context) throw new Error("This browser makes no pictures.");
  context.fillStyle = "black";
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, head);
  write(context, patient, PADDING);
  write(context, always, head + canvas.height + PADDING);
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
