import type { DicomJson, PersonNameJson } from "../types.ts";

/** The first value as text, or `undefined` where absent or empty. Numbers are written out. */
export function text(dataset: DicomJson, tag: string): string | undefined {
  const value = dataset[tag]?.Value?.[0];
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export const texts = (dataset: DicomJson, tag: string): string[] =>
  (dataset[tag]?.Value ?? []).flatMap((value) =>
    typeof value === "string" || typeof value === "number" ? [String(value)] : [],
  );

export function number(dataset: DicomJson, tag: string): number | undefined {
  const value = dataset[tag]?.Value?.[0];
  const parsed = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof parsed === "number" && Number.isFinite(parsed) ? parsed : undefined;
}

/** Every value that is a number; a value that isn't one ends the list, so that positions never shift. */
export function numbers(dataset: DicomJson, tag: string): number[] {
  const values = (dataset[tag]?.Value ?? []).map((value) =>
    typeof value === "string" ? Number(value) : value,
  );
  const until = values.findIndex((value) => typeof value !== "number" || !Number.isFinite(value));
  return (until < 0 ? values : values.slice(0, until)).filter((value) => typeof value === "number");
}

export function personName(dataset: DicomJson, tag: string): PersonNameJson | undefined {
  const value = dataset[tag]?.Value?.[0];
  if (!(value instanceof Object)) return typeof value === "string" ? { Alphabetic: value } : undefined;
  const { Alphabetic, Ideographic, Phonetic } = value as PersonNameJson;
  return {
    ...(Alphabetic ? { Alphabetic } : {}),
    ...(Ideographic ? { Ideographic } : {}),
    ...(Phonetic ? { Phonetic } : {}),
  };
}

export const sequence = (dataset: DicomJson, tag: string): DicomJson[] =>
  dataset[tag]?.vr === "SQ"
    ? (dataset[tag].Value ?? []).filter((value): value is DicomJson => value instanceof Object)
    : [];
