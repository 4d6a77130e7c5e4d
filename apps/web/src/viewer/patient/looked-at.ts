import type { RefCallback } from "react";
import type { Frame } from "../frames/registry.ts";
import type { StackController } from "../stack/stack-controller.ts";

/** What fingers, keys and buttons do with the picture of a patient, whatever draws it. */
export type PictureController = Pick<StackController, "goTo" | "scrollBy" | "view" | "setView" | "isCached">;

/** A series that is drawn. */
export type LookedAt = {
  attach: RefCallback<HTMLDivElement>;
  controller: PictureController | undefined;
  frames: readonly Frame[];
  index: number;
  state: "loading" | "ready" | "failed";
  /** Canvas pixels a picture pixel. */
  scale: number | undefined;
};
