import type { Header } from "./contract.ts";

export function text(header: Header, tag: string, index = 0): string | undefined {
  const value = header[tag]?.Value?.[index];
  return value === null || value === undefined || typeof value === "object"
    ? undefined
    : String(value).trim() || undefined;
}

export function numbers(header: Header, tag: string): number[] {
  return (header[tag]?.Value ?? []).map(Number).filter(Number.isFinite);
}

export const number = (header: Header, tag: string): number | undefined => numbers(header, tag)[0];

export function items(header: Header, tag: string): Header[] {
  return (header[tag]?.Value ?? []).filter(
    (value): value is Header => typeof value === "object" && value !== null,
  );
}

/**
 * What one frame of an enhanced object says of itself by one macro: its own word before all frames'.
 *
 * @param macro - the tag of the macro's sequence
 * @see DICOM PS3.3 §C.7.6.16
 */
export const functional = (header: Header, frame: number, macro: string): Header | undefined =>
  [items(header, "52009230")[frame - 1], items(header, "52009229")[0]].flatMap((group) =>
    group ? items(group, macro) : [],
  )[0];

/** The meaning of a coded item, or its code value. @see DICOM PS3.3 §8.8 */
export const meaning = (item: Header | undefined): string | undefined =>
  item && (text(item, "00080104") ?? text(item, "00080100"));
