import type { MeasureTool } from "../measure/measured.ts";

export type ToolName = "window" | "pan" | "zoom" | MeasureTool;

/** What a mouse does on the pictures of one viewport. */
export type Held = {
  set(name: ToolName): void;
  leave(): void;
};

/** The tools of a reader. Where pictures are only looked at there are none, and their code isn't fetched. */
export interface Tooling {
  /** Once the engine runs. */
  begin(): Promise<void>;
  /** It holds the window at first. */
  on(viewportId: string, engineId: string): Held;
}
