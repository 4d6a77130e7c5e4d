import type { Picture } from "./picture.ts";
import type { PixelModule } from "./pixel-module.ts";

/** One frame to unpack, and to draw where `picture` says how, or to pack for its series. */
export type Job = {
  id: number;
  frame: Uint8Array;
  transferSyntaxUid: string;
  pixels: PixelModule;
  /** The frame is in little endian already. */
  isNative: boolean;
  picture?: Picture;
  isForPack?: true;
};
export type Answer = { id: number; bytes: Uint8Array } | { id: number; failed: string; stays?: "stray-bits" };
