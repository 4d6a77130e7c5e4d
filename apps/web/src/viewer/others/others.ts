import { createContext, useContext } from "react";
import type { ViewerInstance } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import type { Segmentation } from "./segmentation.ts";

/** What others made of the images that are open, and what of it this reader wants to see. */
export type Others = {
  /** The state by which a picture is shown as somebody presented it, and how many speak of it. */
  stateOn(studyId: string, frame: Frame): { state: ViewerInstance; of: number } | undefined;
  /** Those of a study that are laid over its images. */
  segmentations(studyId: string): readonly Segmentation[];
  isHidden(instanceId: string, segment: number): boolean;
  opacity: number;
  /** It stands on a picture now: told to the region, once. */
  displayed(instanceId: string): void;
  showState(state: ViewerInstance): void;
  showSegmentation(segmentation: ViewerInstance): void;
};

const NOTHING: readonly Segmentation[] = [];
export const OthersContext = createContext<Others>({
  stateOn: () => undefined,
  segmentations: () => NOTHING,
  isHidden: () => false,
  opacity: 0,
  displayed: () => {},
  showState: () => {},
  showSegmentation: () => {},
});
export const useOthersHere = (): Others => useContext(OthersContext);
