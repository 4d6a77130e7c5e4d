import type { PixelModule } from "./pixel-module.ts";

export type Window = { center: number; width: number; shape: "LINEAR" | "LINEAR_EXACT" | "SIGMOID" };
/** A table of values, the first for `first`. */
export type Table = { first: number; bits: number; values: number[] };
export type Viewport = {
  width: number;
  height: number;
  crop: { x: number; y: number; width: number; height: number } | undefined;
};

/** How a frame is drawn: everything that the header and the request say, plain values. */
export type Picture = {
  pixels: PixelModule;
  /** As decoded. */
  photometric: string;
  modality: { slope: number; intercept: number } | Table;
  /** `undefined`: from the darkest to the brightest value. */
  voi: Window | Table | undefined;
  isInverted: boolean;
  palette: { red: Table; green: Table; blue: Table } | undefined;
  padding: { from: number; to: number } | undefined;
  viewport: Viewport | undefined;
  format: "image/jpeg" | "image/png";
  quality: number;
};
