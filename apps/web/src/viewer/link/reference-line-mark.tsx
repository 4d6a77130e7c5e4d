import type { Frame } from "../frames/registry.ts";
import { canvasAt } from "../stack/placed.ts";
import type { Shown } from "../stack/stack-controller.ts";
import { type Plane, planeOf } from "./planes.ts";
import { referenceLine } from "./reference-line.ts";

type Props = { cutting: Plane; frame: Frame; placed: Shown["placed"] };

/** Where the active viewport's slice cuts this picture. */
export function ReferenceLine({ cutting, frame, placed }: Props) {
  const plane = planeOf(frame);
  const line = plane && placed && referenceLine(cutting, plane);
  if (!line || !placed) return null;
  const [[x1, y1], [x2, y2]] = [canvasAt(placed, line.from), canvasAt(placed, line.to)];
  return (
    <svg aria-hidden className="pointer-events-none absolute inset-0 size-full" data-testid="reference-line">
      <line x1={x1} y1={y1} x2={x2} y2={y2} stroke="#6cb4ff" strokeWidth={1.5} strokeDasharray="6 4" />
    </svg>
  );
}
