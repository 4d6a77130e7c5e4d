import {
  addTool,
  init as initTools,
  PanTool,
  Enums as ToolEnums,
  ToolGroupManager,
  WindowLevelTool,
  ZoomTool,
} from "@cornerstonejs/tools";
import { configurationOf, MEASURE_TOOL_NAMES, MEASURE_TOOLS, measureToolOf } from "../measure/tools.ts";
import type { Held, Tooling, ToolName } from "./tooling.ts";

const { MouseBindings } = ToolEnums;
const TOOL_NAMES: Record<ToolName, string> = {
  window: WindowLevelTool.toolName,
  pan: PanTool.toolName,
  zoom: ZoomTool.toolName,
  ...MEASURE_TOOL_NAMES,
};
const ALL = Object.values(TOOL_NAMES);

let begun: Promise<void> | undefined;

async function begin(): Promise<void> {
  await initTools();
  for (const tool of [WindowLevelTool, PanTool, ZoomTool, ...MEASURE_TOOLS]) addTool(tool);
}

function on(viewportId: string, engineId: string): Held {
  const group = ToolGroupManager.createToolGroup(`tools-${viewportId}`);
  if (!group) throw new Error("a tool group of this name exists");
  for (const name of ALL) {
    const measuring = measureToolOf(name);
    group.addTool(name, measuring ? configurationOf(measuring) : {});
  }
  let held: ToolName | undefined;
  function set(name: ToolName): void {
    if (name === held) return;
    held = name;
    for (const tool of ALL) group?.setToolPassive(tool, { removeAllBindings: true });
    const extra = {
      pan: [{ mouseButton: MouseBindings.Auxiliary }],
      zoom: [{ mouseButton: MouseBindings.Secondary }, { numTouchPoints: 2 }],
    };
    group?.setToolActive(TOOL_NAMES.pan, { bindings: extra.pan });
    group?.setToolActive(TOOL_NAMES.zoom, { bindings: extra.zoom });
    const bound = name === "pan" ? extra.pan : name === "zoom" ? extra.zoom : [];
    group?.setToolActive(TOOL_NAMES[name], {
      bindings: [{ mouseButton: MouseBindings.Primary }, ...bound],
    });
  }

  // Each tool that is set draws what is in the group: the viewport joins it afterwards, since nothing is on it yet.
  set("window");
  group.addViewport(viewportId, engineId);

  return {
    set,
    leave: () => ToolGroupManager.destroyToolGroup(`tools-${viewportId}`),
  };
}

/** Cornerstone's tools: window, pan, zoom and those that measure, begun once in the life of a page. */
export const readerTools: Tooling = {
  begin() {
    begun ??= begin();
    return begun;
  },
  on,
};
