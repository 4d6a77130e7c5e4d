import type { Header } from "../contract.ts";
import type { Point } from "./spacing.ts";

/** One value as it is shown and kept. */
export type Value = { name: string; value: number; unit: string };
/** What stands beside a drawing. `source`: where its scale comes from, or why there is none. */
export type Measured = { values: Value[]; source: string; lines: string[] };

export const TOOLS = ["length", "bidirectional", "angle", "ellipse", "probe", "arrow"] as const;
export type MeasureTool = (typeof TOOLS)[number];

/** One frame at full detail. `at`: its value in the modality's unit, by column and row from 0. */
export type Pixels = { columns: number; rows: number; at(column: number, row: number): number };
export type MeasuredImage = {
  header: Header;
  /** Counts from 1. */
  frame: number;
  /** `undefined`: a colour image, or one that isn't here at full detail. */
  pixels: Pixels | undefined;
  /** Its values went through the image's own modality table: they are what that says. */
  isThroughTable: boolean;
};
export type Places = readonly Point[];

/** To a tenth, and to a whole number from a thousand on: nobody reads more, and a pixel is no finer. */
export const shown = (value: number): string =>
  Math.abs(value) >= 1000 ? value.toFixed(0) : value.toFixed(1);
export const line = ({ name, value, unit }: Value): string => `${name} ${shown(value)} ${unit}`;
