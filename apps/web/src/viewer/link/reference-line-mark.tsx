import type { Frame } from "../frames/registry.ts";
import type { Shown } from "../stack/stack-controller.ts";
import { type Plane, planeOf } from "./planes.ts";
import { referenceLine } from "./reference-line.ts";

type Props = { cutting: Plane; frame: Frame; placed: Shown["placed"] };

/** Where the active viewport's slice cuts this picture. */
export function ReferenceLine({ cutting, frame, placed }: Props) {
  const plane = planeOf(frame);
  const line = plane && placed && referenceLine(cutting, plane);
  if (!line || !placed) return null;
  const { scale, rowScale, left, top } = placed;
  return (
    <svg aria-hidden className="pointer-events-none absolute inset-0 size-full" data-testid="reference-line">
      <line
        x1={left + line.from.column * scale}
        y1={top + line.from.row * rowScale}
        x2={left + line.to.column * scale}
        y2={top + line.to.row * rowScale}
        stroke="#6cb4ff"
        strokeWidth={1.5}
        strokeDasharray="6 4"
      />
    </svg>
  );
}
