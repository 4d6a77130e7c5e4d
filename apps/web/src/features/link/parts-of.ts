import type { OpenStudy } from "./mine-client.ts";

/** What one entry of a zip takes beside its bytes: its heads, and its line on the index page. */
const ENTRY_BYTES = 512;
/** The index page's own words, and the end of the zip. */
const ZIP_BYTES = 8192;

/** An image to take away. `place`: of its series in the study, `at`: in the series; both from 1, whatever part it lies in. */
export type Piece = { instanceId: string; seriesId: string; place: number; at: number; bytes: number };

/** One of the zips that a study is taken away in. `at`: from 1. */
export type Part<P extends Pick<Piece, "bytes">> = {
  at: number;
  count: number;
  bytes: number;
  pieces: readonly P[];
};

/** In as few parts as may be, in order, each of which a browser may hold. What is more than that by itself is a part by itself. */
export function partsOf<P extends Pick<Piece, "bytes">>(pieces: readonly P[], mostBytes: number): Part<P>[] {
  const parts: { bytes: number; pieces: P[] }[] = [];
  for (const piece of pieces) {
    const bytes = piece.bytes + ENTRY_BYTES;
    const last = parts.at(-1);
    if (last && last.bytes + bytes <= mostBytes) {
      last.bytes += bytes;
      last.pieces.push(piece);
    } else parts.push({ bytes: bytes + ZIP_BYTES, pieces: [piece] });
  }
  return parts.map((part, index) => ({ ...part, at: index + 1, count: parts.length }));
}

/** About as much as all its files are, told before anybody presses. */
export const bytesOf = ({ series }: Pick<OpenStudy, "series">): number =>
  series.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

const MEGABYTE = 1_000_000;
/** "about 640 MB" */
export function plainSize(bytes: number): string {
  if (bytes < MEGABYTE) return "less than 1 MB";
  if (bytes < 1000 * MEGABYTE) return `about ${Math.round(bytes / MEGABYTE)} MB`;
  return `about ${(bytes / (1000 * MEGABYTE)).toFixed(1)} GB`;
}
