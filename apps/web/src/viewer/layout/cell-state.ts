import type { OpenedStudy, ViewerInstance, ViewerSeries } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import type { Plane } from "../link/planes.ts";
import type { Currency } from "../marks/currency.ts";
import type { Window } from "../marks/windows.ts";
import type { StateLook } from "../others/presentation-state.ts";
import type { Shown, StackController, View } from "../stack/stack-controller.ts";
import type { Steer } from "../stack/steering.ts";
import type { ToolName } from "../stack/tooling.ts";
import type { Hung, Slot } from "./arrangement.ts";

/** All that the rest of the viewer knows of one viewport: what hangs there, what is on its canvas, and how to act on it. */
export type CellState = {
  hung: Hung;
  opened: OpenedStudy;
  series: ViewerSeries;
  currency: Currency;
  controller: StackController | undefined;
  steer: Steer;
  frames: readonly Frame[];
  instances: readonly ViewerInstance[];
  /** The frame that `shown.index` names: on the canvas once `isReady`. */
  frame: Frame | undefined;
  shown: Shown;
  isReady: boolean;
  /** Nothing more is awaited: its full detail is shown, or it says why not. */
  isSettled: boolean;
  windows: readonly Window[];
  windowName: string | undefined;
  /** How somebody presented the picture, where that is on. */
  look: StateLook | undefined;
};

/** Where a reader stood in what hangs somewhere, for as long as the viewer is open. */
export type Places = Map<string, Stood>;
export type Stood = {
  index: number;
  /** The image that stood there, where its place in the series isn't known yet: it goes before `index`. */
  at?: { instanceId: string; frame: number } | undefined;
  view?: View | undefined;
  window?: Shown["window"];
  /** The window of the protocol under which it stood so: another step's window is another one. */
  windowName?: string | undefined;
};

export type CellProps = {
  /** Its number, over all screens. */
  at: number;
  /** Its place on its screen, from 1, of how many. */
  place: number;
  of: number;
  /** There are others, here or on the other screen. */
  isOneOfMany: boolean;
  slot: Slot;
  opened: OpenedStudy | undefined;
  currency: Currency | undefined;
  isActive: boolean;
  tool: ToolName;
  places: Places;
  /** Said beside this picture because of what hangs elsewhere: it is of the other side. */
  warning: string | undefined;
  /** The plane of the active viewport: a line where it cuts this picture. */
  cutting: Plane | undefined;
  onActivate(at: number): void;
  onDropped(at: number, choice: { studyId: string; seriesId: string }): void;
  onState(at: number, state: CellState | undefined): void;
};
