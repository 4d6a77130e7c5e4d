import { Badge, type Tone } from "#features/shell/badge.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

type Row = Outputs["worklist"]["list"]["rows"][number];

const REPORT: Record<Row["reportState"], { tone: Tone; text: string }> = {
  "none-received": { tone: "unknown", text: "No report received" },
  "not-reported": { tone: "amber", text: "Not reported" },
  preliminary: { tone: "info", text: "Preliminary report" },
  final: { tone: "green", text: "Reported" },
  amended: { tone: "green", text: "Report amended" },
  addendum: { tone: "green", text: "Reported, with addendum" },
  cancelled: { tone: "unknown", text: "Report cancelled" },
};

export function ReportBadge({ state }: { state: Row["reportState"] }) {
  const { tone, text } = REPORT[state];
  return <Badge tone={tone}>{text}</Badge>;
}

const COMPLETE: Record<Row["completeness"]["state"], Tone> = {
  arriving: "info",
  quiet: "unknown",
  complete: "green",
  short: "amber",
};

/** The incomplete never looks complete: the state stands as text (clinical page §5). */
export function CompletenessBadge({ completeness }: { completeness: Row["completeness"] }) {
  return <Badge tone={COMPLETE[completeness.state]}>{completeness.text}</Badge>;
}
