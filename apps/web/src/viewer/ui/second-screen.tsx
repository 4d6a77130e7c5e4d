import { Columns2, X } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { createPortal } from "react-dom";
import { LayoutChoice } from "./layout-choice.tsx";
import { Tool } from "./toolbar.tsx";

type Props = {
  /** The window in which it stands. */
  window: Window;
  banner: ReactNode;
  ribbons: ReactNode;
  alert: ReactNode;
  strip: ReactNode;
  grid: { rows: number; columns: number };
  onGrid(rows: number, columns: number): void;
  onClose(): void;
  children: ReactNode;
};

/** What the window says of itself is true only while no study hangs there. */
function useIdle({ document: shown }: Window): void {
  useEffect(() => {
    const idle = shown.querySelector<HTMLElement>("[data-idle]");
    if (!idle) return;
    idle.hidden = true;
    return () => {
      idle.hidden = false;
    };
  }, [shown]);
}

/** In a window of its own: whose images these are, what hangs there, and nothing that belongs to one screen alone. */
export function SecondScreen({
  window: target,
  banner,
  ribbons,
  alert,
  strip,
  grid,
  onGrid,
  onClose,
  children,
}: Props) {
  useIdle(target);
  return createPortal(
    <main
      aria-label="Second screen"
      data-screen="2"
      className="fixed inset-0 flex min-h-0 flex-col bg-black text-white"
    >
      <h1 className="sr-only">Second screen</h1>
      {ribbons}
      <div className="border-b border-white/20 bg-[#12181c] px-3 py-1.5">{banner}</div>
      <div
        role="toolbar"
        aria-label="Second screen"
        className="flex flex-wrap items-center gap-1 bg-[#12181c] px-2 py-1"
      >
        <Columns2 aria-hidden size={18} />
        <span className="mr-2 text-sm">Second screen</span>
        <LayoutChoice grid={grid} onGrid={onGrid} />
        <span className="ml-auto">
          <Tool name="Close the second screen (Esc)" onClick={onClose}>
            <X aria-hidden size={18} />
          </Tool>
        </span>
      </div>
      {alert}
      <div className="flex min-h-0 grow max-md:flex-col">
        {strip}
        {children}
      </div>
    </main>,
    target.document.body,
  );
}
