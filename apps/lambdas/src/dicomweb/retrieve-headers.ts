import { createHash } from "node:crypto";
import type { DoorRequest, DoorResponse } from "./respond.ts";

/** What holds for everything that tells of a patient (docs/security.md). */
export const PRIVATE = {
  "cache-control": "private, no-store",
  "x-content-type-options": "nosniff",
  vary: "Accept, Accept-Encoding, Authorization",
} as const;

/** Changes with whatever is served, and with the form in which it is. */
export const etagOf = (mark: string, form: string): string =>
  `"${createHash("sha256").update(`${mark}|${form}`).digest("hex").slice(0, 32)}"`;

/** @see RFC 9110 §13.1.2 */
export const isUnchanged = ({ headers }: DoorRequest, etag: string): boolean =>
  (headers["if-none-match"] ?? "")
    .split(",")
    .map((one) => one.trim().replace(/^W\//, ""))
    .some((one) => one === etag || one === "*");

export const notModified = (etag: string): DoorResponse => ({ status: 304, headers: { ...PRIVATE, etag } });

/** @see DICOM PS3.18 §8.3 (Warning); the region's view of copies: docs/architecture.md, same UID */
export const differing = ({
  differs,
  withheld,
}: {
  differs: boolean;
  withheld: number;
}): Record<string, string> => {
  if (withheld > 0)
    return {
      warning: `299 Weald "Where this was done is withheld, and with it images in which text may tell it: ${withheld} of this study."`,
    };
  return differs
    ? {
        warning:
          '299 Weald "Another trust holds a copy of this study with other images. Ask for one trust\'s own at /dicomweb/{ODS code}/studies."',
      }
    : {};
};

export type Span = { offset: number; length: number };

/**
 * One range of a resource whose length is known; `undefined`: the whole. `"unsatisfiable"` is 416.
 *
 * @see RFC 9110 §14.1.2, §14.2 (several ranges may be answered with the whole)
 */
export function rangeOf(header: string | undefined, size: number): Span | "unsatisfiable" | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (!found || (found[1] === "" && found[2] === "")) return undefined;
  const [first, last] = [found[1] ?? "", found[2] ?? ""];
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { offset: size - length, length };
  }
  const [from, to] = [Number(first), last === "" ? size - 1 : Math.min(Number(last), size - 1)];
  if (last !== "" && Number(last) < from) return undefined;
  return from >= size ? "unsatisfiable" : { offset: from, length: to - from + 1 };
}
