import type { ViewerInstance } from "../contract.ts";
import type { Frame } from "./registry.ts";

/** For tables of cases: a plain image of one frame, and what is said of it. */
export const sampleInstance = (more: Partial<ViewerInstance> = {}): ViewerInstance => ({
  instanceId: "i1",
  version: 1,
  sopInstanceUid: "1.2.3",
  sopClassUid: "1.2.840.10008.5.1.4.1.1.7",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
  encoding: "plain",
  sizeBytes: 100,
  frames: [{ offset: 10, length: 4 }],
  header: {},
  ...more,
});

/** The first frame of one, under an id of its own. */
export const sampleFrame = (header: ViewerInstance["header"], at: number): Frame => ({
  imageId: `${at}`,
  frame: 1,
  locator: { offset: 10, length: 4 },
  instance: sampleInstance({ instanceId: `${at}`, header }),
});
