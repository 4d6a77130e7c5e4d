type Windowing = { how: string; center: number; width: number };

/** Within black and white. */
export const held = (value: number): number => Math.max(0, Math.min(1, value));

/** Values through a window, from 0 (black) to 1 (white). `how`: VOI LUT Function. @see DICOM PS3.3 §C.11.2.1.2, §C.11.2.1.3 */
export function windowed({ how, center, width }: Windowing): (value: number) => number {
  if (how === "SIGMOID") return (value) => 1 / (1 + Math.exp((-4 * (value - center)) / width));
  if (how === "LINEAR_EXACT") return (value) => held((value - center) / width + 0.5);
  if (width <= 1) return (value) => (value <= center - 0.5 ? 0 : 1);
  return (value) => held((value - (center - 0.5)) / (width - 1) + 0.5);
}
