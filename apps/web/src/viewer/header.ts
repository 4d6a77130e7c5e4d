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

/** The meaning of a coded item, or its code value. @see DICOM PS3.3 §8.8 */
export const meaning = (item: Header | undefined): string | undefined =>
  item && (text(item, "00080104") ?? text(item, "00080100"));
