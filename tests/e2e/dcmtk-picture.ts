import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Rgb } from "../fixtures/pixels/pictured-study.ts";

export type Picture = { columns: number; rows: number; at(column: number, row: number): Rgb };

const PNM_HEAD = /^(P[56])\s+(?:#[^\n]*\s+)*(\d+)\s+(\d+)\s+\d+\s/;
const WAYS = [["+Wi", "1"], ["+Wl", "1"], ["+Wm"], []];

export const hasDcmtk = (): boolean => spawnSync("dcm2pnm", ["--version"]).status === 0;

/**
 * DCMTK's picture of a file's first frame: by its first window, else its first VOI LUT, else from its least to its most.
 *
 * @param out - where it may write; its own name beside the file's
 * @returns nothing where DCMTK doesn't read it
 */
export function dcmtkPicture(file: string, out: string): Picture | undefined {
  const way = WAYS.find((how) => spawnSync("dcm2pnm", ["+op", ...how, file, out]).status === 0);
  if (!way) return undefined;
  const bytes = readFileSync(out);
  const [head = "", kind, columns = "0", rows = "0"] = PNM_HEAD.exec(bytes.toString("latin1", 0, 200)) ?? [];
  const samples = kind === "P6" ? 3 : 1;
  return {
    columns: Number(columns),
    rows: Number(rows),
    at(column, row) {
      const from = head.length + (Math.floor(row) * Number(columns) + Math.floor(column)) * samples;
      const [red = 0, green = red, blue = red] = bytes.subarray(from, from + samples);
      return [red, green, blue];
    },
  };
}
