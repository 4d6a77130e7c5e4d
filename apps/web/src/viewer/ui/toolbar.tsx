import {
  Blend,
  Box,
  ChevronLeft,
  ChevronRight,
  Circle,
  Contrast,
  Crosshair,
  FileText,
  Hand,
  HelpCircle,
  Maximize,
  MonitorUp,
  Move,
  MoveUpLeft,
  MoveVertical,
  Pause,
  Play,
  RotateCcw,
  Ruler,
  Scan,
  SunMedium,
  Triangle,
  X,
  ZoomIn,
} from "lucide-react";
import type { ReactNode } from "react";
import type { Links } from "../link/use-links.ts";
import type { Window } from "../marks/windows.ts";
import type { ToolName } from "../stack/tooling.ts";
import { LayoutChoice } from "./layout-choice.tsx";

type ToolProps = { name: string; isOn?: boolean; onClick(): void; children: ReactNode; disabled?: boolean };

export function Tool({ name, isOn, onClick, children, disabled }: ToolProps) {
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      aria-pressed={isOn}
      disabled={disabled}
      onClick={onClick}
      className="inline-flex size-9 items-center justify-center rounded text-white hover:bg-white/15 disabled:opacity-40 aria-pressed:bg-[#6cb4ff] aria-pressed:text-black"
    >
      {children}
    </button>
  );
}

export type ToolbarProps = {
  tool: ToolName;
  onTool(tool: ToolName): void;
  windows: readonly Window[];
  windowName: string | undefined;
  onWindow(window: Window): void;
  isInverted: boolean;
  onInvert(): void;
  onFit(): void;
  onReset(): void;
  grid: { rows: number; columns: number };
  onGrid(rows: number, columns: number): void;
  /** Undefined on a phone: there is room for one window alone. */
  second: { isOpen: boolean; toggle(): void } | undefined;
  /** The protocol by which it hangs, and where in its steps the reader is. */
  step: { protocol: string; name: string; at: number; of: number } | undefined;
  onStep(by: number): void;
  onPlanes(): void;
  /** Undefined where there is one viewport alone. */
  links: Links | undefined;
  /** By what the scrolling is linked, in words. */
  linkedBy: string;
  onLink(what: keyof Links): void;
  cine: { isPlaying: boolean; toggle(): void } | undefined;
  isReportOpen: boolean;
  onReport(): void;
  onFull(): void;
  onHelp(): void;
  onClose(): void;
  /** Key image and the list of marks. */
  marks: ReactNode;
};

export function Toolbar(props: ToolbarProps) {
  const { tool, onTool, windows, windowName, onWindow, cine } = props;
  return (
    <div
      role="toolbar"
      aria-label="Viewer tools"
      className="flex flex-wrap items-center gap-1 bg-[#12181c] px-2 py-1"
    >
      <Tool name="Window (W)" isOn={tool === "window"} onClick={() => onTool("window")}>
        <SunMedium aria-hidden size={18} />
      </Tool>
      <Tool name="Pan (X)" isOn={tool === "pan"} onClick={() => onTool("pan")}>
        <Hand aria-hidden size={18} />
      </Tool>
      <Tool name="Zoom (Z)" isOn={tool === "zoom"} onClick={() => onTool("zoom")}>
        <ZoomIn aria-hidden size={18} />
      </Tool>
      <Tool name="Measure a length (M)" isOn={tool === "length"} onClick={() => onTool("length")}>
        <Ruler aria-hidden size={18} />
      </Tool>
      <Tool
        name="Measure two axes (B)"
        isOn={tool === "bidirectional"}
        onClick={() => onTool("bidirectional")}
      >
        <Move aria-hidden size={18} />
      </Tool>
      <Tool name="Measure an angle (G)" isOn={tool === "angle"} onClick={() => onTool("angle")}>
        <Triangle aria-hidden size={18} />
      </Tool>
      <Tool name="Ellipse with its values (E)" isOn={tool === "ellipse"} onClick={() => onTool("ellipse")}>
        <Circle aria-hidden size={18} />
      </Tool>
      <Tool name="Value of a pixel (Q)" isOn={tool === "probe"} onClick={() => onTool("probe")}>
        <Crosshair aria-hidden size={18} />
      </Tool>
      <Tool name="Arrow (Y)" isOn={tool === "arrow"} onClick={() => onTool("arrow")}>
        <MoveUpLeft aria-hidden size={18} />
      </Tool>
      {props.marks}
      <span aria-hidden className="mx-1 h-6 w-px bg-white/25" />
      <label className="flex items-center gap-2 text-sm text-white">
        <span className="max-sm:sr-only">Window</span>
        <select
          className="min-h-9 w-32 rounded border border-[#7d909c] bg-[#1a2227] px-2 text-white"
          value={windowName ?? ""}
          onChange={(event) => {
            const chosen = windows.find(({ name }) => name === event.target.value);
            if (chosen) onWindow(chosen);
          }}
        >
          {windowName === undefined ? <option value="">By hand</option> : null}
          {windows.map(({ name }, index) => (
            <option key={name} value={name}>
              {index + 1} {name}
            </option>
          ))}
        </select>
      </label>
      <Tool name="Invert (I)" isOn={props.isInverted} onClick={props.onInvert}>
        <Contrast aria-hidden size={18} />
      </Tool>
      <Tool name="Fit" onClick={props.onFit}>
        <Scan aria-hidden size={18} />
      </Tool>
      <Tool name="Reset the picture (R)" onClick={props.onReset}>
        <RotateCcw aria-hidden size={18} />
      </Tool>
      <LayoutChoice grid={props.grid} onGrid={props.onGrid} />
      {props.second ? (
        <Tool name="Second screen (S)" isOn={props.second.isOpen} onClick={props.second.toggle}>
          <MonitorUp aria-hidden size={18} />
        </Tool>
      ) : null}
      {props.step ? (
        <span
          className="flex min-w-64 items-center justify-center gap-1 text-sm text-white"
          data-testid="step"
        >
          {props.step.of > 1 ? (
            <Tool name="Step before (Shift+Space)" onClick={() => props.onStep(-1)}>
              <ChevronLeft aria-hidden size={18} />
            </Tool>
          ) : null}
          <span>
            {props.step.protocol}: {props.step.name}
            {props.step.of > 1 ? ` (${props.step.at} of ${props.step.of})` : ""}
          </span>
          {props.step.of > 1 ? (
            <Tool name="Next step (Space)" onClick={() => props.onStep(1)}>
              <ChevronRight aria-hidden size={18} />
            </Tool>
          ) : null}
        </span>
      ) : (
        // Its room is kept: what comes late doesn't move the picture.
        <span aria-hidden className="w-64" />
      )}
      <Tool name="Three planes (V)" onClick={props.onPlanes}>
        <Box aria-hidden size={18} />
      </Tool>
      {props.links ? (
        <span className="flex items-center gap-1 text-sm text-white" data-testid="links">
          <Tool name="Linked scrolling (L)" isOn={props.links.scroll} onClick={() => props.onLink("scroll")}>
            <MoveVertical aria-hidden size={18} />
          </Tool>
          <Tool name="Linked window" isOn={props.links.window} onClick={() => props.onLink("window")}>
            <Blend aria-hidden size={18} />
          </Tool>
          <Tool name="Linked zoom and pan" isOn={props.links.zoom} onClick={() => props.onLink("zoom")}>
            <ZoomIn aria-hidden size={18} />
          </Tool>
          <span>{props.links.scroll ? props.linkedBy : "not linked"}</span>
        </span>
      ) : null}
      <Tool
        name={cine?.isPlaying ? "Stop (C)" : "Play (C)"}
        isOn={cine?.isPlaying ?? false}
        disabled={!cine}
        onClick={() => cine?.toggle()}
      >
        {cine?.isPlaying ? <Pause aria-hidden size={18} /> : <Play aria-hidden size={18} />}
      </Tool>
      <span className="ml-auto flex items-center gap-1">
        <Tool name="Report (D)" isOn={props.isReportOpen} onClick={props.onReport}>
          <FileText aria-hidden size={18} />
        </Tool>
        <Tool name="Full screen (F)" onClick={props.onFull}>
          <Maximize aria-hidden size={18} />
        </Tool>
        <Tool name="Keys (?)" onClick={props.onHelp}>
          <HelpCircle aria-hidden size={18} />
        </Tool>
        <Tool name="Close the study (Esc)" onClick={props.onClose}>
          <X aria-hidden size={18} />
        </Tool>
      </span>
    </div>
  );
}
