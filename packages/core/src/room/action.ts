import type { OutcomeActionRow } from "./outcome.store.ts";

export type Due = "done" | "overdue" | "today" | "ahead" | "undated";

/** How an action stands on a day: the day on which it is due is not over. */
export function dueOf({ doneAt, dueOn }: Pick<OutcomeActionRow, "doneAt" | "dueOn">, today: string): Due {
  if (doneAt) return "done";
  if (!dueOn) return "undated";
  if (dueOn === today) return "today";
  return dueOn < today ? "overdue" : "ahead";
}
