import { asDate } from "#features/shell/dates.ts";
import type { Outputs } from "#features/shell/trpc.tsx";

type Action = Outputs["room"]["listActions"]["actions"][number];

const days = (count: number) => (count === 1 ? "1 day" : `${count} days`);

/** "3 days overdue", "due today", "due in 5 days, 01 Dec 2026": how an action stands, in words. */
export function dueText({ due, dueOn, today }: Pick<Action, "due" | "dueOn" | "today">): string {
  if (due === "done") return "done";
  if (!dueOn) return "no date";
  const away = Math.round((Date.parse(dueOn) - Date.parse(today)) / 86_400_000);
  if (away === 0) return "due today";
  return away < 0
    ? `${days(-away)} overdue, since ${asDate(dueOn)}`
    : `due in ${days(away)}, ${asDate(dueOn)}`;
}
