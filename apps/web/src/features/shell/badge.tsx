import { CircleAlert, CircleCheck, CircleDashed, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

/** Red: danger or overdue. Amber: needs a person. Green: ready. Blue: information. Grey: unknown (clinical page §24). */
export type Tone = "danger" | "amber" | "green" | "info" | "unknown";

const CLASS: Record<Tone, string> = {
  danger: "bg-danger-soft text-danger",
  amber: "bg-amber-soft text-amber",
  green: "bg-green-soft text-green",
  info: "bg-info-soft text-info",
  unknown: "bg-raised text-muted border border-line",
};
const SHAPE = {
  danger: CircleAlert,
  amber: TriangleAlert,
  green: CircleCheck,
  info: Info,
  unknown: CircleDashed,
} as const;

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  const Shape = SHAPE[tone];
  return (
    <span
      className={`inline-flex items-center gap-1 rounded px-1.5 py-0.5 text-[0.8125rem] font-medium ${CLASS[tone]}`}
    >
      <Shape aria-hidden size={14} className="shrink-0" />
      <span>{children}</span>
    </span>
  );
}
