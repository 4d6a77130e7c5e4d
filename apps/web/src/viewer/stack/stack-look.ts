import { type Types, utilities } from "@cornerstonejs/core";
import { registered } from "../frames/registry.ts";
import { number, text } from "../header.ts";
import type { Window } from "../marks/windows.ts";
import type { LookupTable } from "../pixels/lookup-table.ts";
import { presentCurve } from "../pixels/present-curve.ts";
import { presentationOf, voiFunction } from "../pixels/presentation.ts";

/** What the library does not do for a stack whose images differ: each image's own way to be shown. */
export type StackLook = ReturnType<typeof stackLook>;

const hasWindow = (frame: NonNullable<ReturnType<typeof registered>>): boolean =>
  number(frame.instance.header, "00281050") !== undefined &&
  (number(frame.instance.header, "00281051") ?? 0) > 0;

/**
 * Curve and inversion of one viewport. MONOCHROME1 is white at its least value, whatever was shown before it; a VOI LUT that
 * stands alone is how the image wants to be shown. @see DICOM PS3.3 §C.7.6.3.1.2, §C.11.2
 */
export function stackLook(viewport: Types.IStackViewport) {
  let isTurned = false;
  /** The reader's choice, or none: then each image as it says. */
  let chosen: { table: LookupTable } | "window" | undefined;
  let curve: LookupTable | undefined;

  const current = () => {
    const imageId = viewport.getCurrentImageId();
    return imageId === undefined ? undefined : registered(imageId);
  };

  function tableNow(): LookupTable | undefined {
    const frame = current();
    if (!frame || chosen === "window") return undefined;
    const { voi } = presentationOf(frame.instance);
    if (!chosen) return hasWindow(frame) ? undefined : voi[0];
    const { table } = chosen;
    return voi.find((one) => one === table || (table.name !== undefined && one.name === table.name));
  }

  function invertRight(): void {
    const photometric = text(current()?.instance.header ?? {}, "00280004");
    const invert = (photometric === "MONOCHROME1") !== isTurned;
    if ((viewport.getProperties().invert ?? false) !== invert) viewport.setProperties({ invert });
  }

  /** Makes what is drawn next the current image's own: after every new image, before it is drawn. */
  function apply(): void {
    invertRight();
    const table = tableNow();
    if (table === curve) return;
    curve = table;
    const range = viewport.getProperties().voiRange;
    if (table) presentCurve(viewport, { table });
    else if (range) presentCurve(viewport, { range });
  }

  return {
    apply,
    /** As each image says of itself. */
    reset(): void {
      [isTurned, chosen, curve] = [false, undefined, undefined];
      viewport.resetProperties();
      apply();
    },
    setWindow({ center, width, table }: Window): void {
      chosen = table ? { table } : "window";
      apply();
      if (table) return;
      const how = voiFunction(current()?.instance.header ?? {});
      viewport.setProperties({ voiRange: utilities.windowLevel.toLowHighRange(width, center, how as never) });
    },
    turn(): void {
      isTurned = !isTurned;
      invertRight();
    },
    isTurned: () => isTurned,
    curve: () => curve,
  };
}
