import Link from "next/link";
import { Badge } from "#features/shell/badge.tsx";

/** Where everybody begins their day: what meetings gave them to do. */
export function WaitingActions({ waiting, overdue }: { waiting: number; overdue: number }) {
  if (waiting === 0) return null;
  return (
    <p>
      <Badge tone={overdue > 0 ? "danger" : "info"}>
        {waiting === 1 ? "1 action of a meeting is yours" : `${waiting} actions of meetings are yours`}
        {overdue > 0 ? `, ${overdue} overdue` : ""}
      </Badge>{" "}
      <Link href="/actions" prefetch={false} className="text-accent underline">
        Open actions
      </Link>
    </p>
  );
}
