import type { ReactNode } from "react";
import type { Tone } from "./badge.tsx";

const CLASS: Record<Tone, string> = {
  danger: "border-danger bg-danger-soft",
  amber: "border-amber bg-amber-soft",
  green: "border-green bg-green-soft",
  info: "border-info bg-info-soft",
  unknown: "border-field bg-raised",
};

/** A sentence that says what happened and what to do. Failures are alerts; the rest is read when the reader comes to it. */
export function Notice({ tone, title, children }: { tone: Tone; title: string; children?: ReactNode }) {
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={`rounded border-l-4 px-4 py-3 ${CLASS[tone]}`}
    >
      <p className="font-semibold">{title}</p>
      {children ? <div className="mt-1 text-ink">{children}</div> : null}
    </div>
  );
}
