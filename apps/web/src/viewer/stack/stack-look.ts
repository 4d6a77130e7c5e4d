import { type Types, utilities } from "@cornerstonejs/core";
import { registered } from "../frames/registry.ts";
import { functional, number, text } from "../header.ts";
import type { Window } from "../marks/windows.ts";
import type { LookupTable } from "../pixels/lookup-table.ts";
import { presentCurve, rangeOf } from "../pixels/present-curve.ts";
import { voiFunction } from "../pixels/presentation.ts";
import { presentationOf } from "../pixels/presented.ts";

/** What the library does not do for a stack whose images differ: each image's own way to be shown. */
export type StackLook = ReturnType<typeof stackLook>;

type Drawn = {
  actor?: unknown;
  table?: LookupTable | undefined;
  inverted?: boolean;
  isSigmoid?: boolean;
};

const hasWindow = ({ instance: { header }, frame }: NonNullable<ReturnType<typeof registered>>): boolean => {
  const says = functional(header, frame, "00289132") ?? header;
  return number(says, "00281050") !== undefined && (number(says, "00281051") ?? 0) > 0;
};

/** An image of one value has no range of its own: it is shown grey. */
const wide = (range: { lower: number; upper: number } | undefined) =>
  range && range.upper <= range.lower ? { lower: range.lower - 1, upper: range.lower + 1 } : range;

/**
 * Curve and inversion of one viewport. MONOCHROME1 is white at its least value, whatever was shown before it; a VOI LUT that
 * stands alone is how the image wants to be shown. @see DICOM PS3.3 §C.7.6.3.1.2, §C.11.2
 */
export function stackLook(viewport: Types.IStackViewport) {
  let isTurned = false;
  /** The reader's choice, or none: then each image as it says. */
  let chosen: { table: LookupTable } | "window" | undefined;
  let drawn: Drawn = {};
  /** Whether the least value is white as somebody presented it, whatever the image says of itself. */
  let shades: boolean | undefined;

  const current = () => {
    const imageId = viewport.getCurrentImageId();
    return imageId === undefined ? undefined : registered(imageId);
  };

  function tableNow(): LookupTable | undefined {
    const frame = current();
    if (!frame || chosen === "window") return undefined;
    const { voi } = presentationOf(frame.imageId);
    if (!chosen) return hasWindow(frame) ? undefined : voi[0];
    const { table } = chosen;
    // What was presented of one picture is that picture's alone: its values are no other's.
    if (table.of !== undefined) return table.of === frame.imageId ? table : undefined;
    return voi.find((one) => one === table || (table.name !== undefined && one.name === table.name));
  }

  const isInverted = () =>
    (shades ?? text(current()?.instance.header ?? {}, "00280004") === "MONOCHROME1") !== isTurned;
  const functionNow = () => voiFunction(current()?.instance.header ?? {}, current()?.frame);
  const isSigmoid = () => functionNow() === "SIGMOID";

  /** Makes what is drawn next the current image's own: after every new image, before it is drawn. */
  function apply(): void {
    const next = {
      actor: viewport.getActors()[0]?.actor,
      table: tableNow(),
      inverted: isInverted(),
      isSigmoid: isSigmoid(),
    };
    const isSame =
      next.actor === drawn.actor &&
      next.table === drawn.table &&
      next.inverted === drawn.inverted &&
      next.isSigmoid === drawn.isSigmoid;
    if (isSame) return;
    drawn = next;
    viewport.setProperties({
      invert: next.inverted,
      ...(next.table ? { voiRange: rangeOf(next.table) } : {}),
    });
    const range = wide(viewport.getProperties().voiRange);
    const how = next.table ? { table: next.table } : range && { range, isSigmoid: next.isSigmoid };
    // Without a graphics card there are windows alone: no curve's name stands beside what isn't it.
    if (how && !presentCurve(viewport, how, next.inverted)) drawn = { ...next, table: undefined };
  }

  function forgetWindow(): void {
    try {
      viewport.resetProperties();
    } catch {
      // Its last step looks for a colour map and fails where there is none (an image of one value): all else is reset by then.
    }
  }

  return {
    apply,
    /** As each image says of itself. */
    reset(): void {
      [isTurned, chosen, drawn] = [false, undefined, {}];
      forgetWindow();
      apply();
    },
    /** The window that each image asks for; turned as it is. */
    asSent(): void {
      [chosen, drawn] = [undefined, {}];
      viewport.resetProperties();
      apply();
    },
    setWindow({ center, width, table }: Omit<Window, "name">): void {
      chosen = table ? { table } : "window";
      apply();
      if (table) return;
      const how = functionNow();
      viewport.setProperties({ voiRange: utilities.windowLevel.toLowHighRange(width, center, how as never) });
    },
    turn(): void {
      isTurned = !isTurned;
      apply();
    },
    isTurned: () => isTurned,
    /** @param isInverse - nothing: as the image says of itself */
    setShades(isInverse: boolean | undefined): void {
      shades = isInverse;
      apply();
    },
    /** Whether a window is what the current image asks for by itself: of another image it is another one. */
    isAsSent({ center, width, table }: Omit<Window, "name">): boolean {
      const header = current()?.instance.header ?? {};
      if (chosen) return false;
      return (
        table !== undefined || (number(header, "00281050") === center && number(header, "00281051") === width)
      );
    },
    curve: () => drawn.table,
  };
}
