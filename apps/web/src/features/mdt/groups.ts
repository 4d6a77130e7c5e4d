import type { Case, Meeting } from "./readiness.tsx";

export type Grouping = "none" | "site" | "radiologist" | "group";

const UNNAMED = { none: "Cases", site: "No site", radiologist: "No radiologist", group: "No group" };

const nameIn = ({ people }: Pick<Meeting, "people">, one: Case, grouping: Grouping): string => {
  const named = {
    none: "",
    site: one.site,
    radiologist: one.radiologistId ? (people[one.radiologistId] ?? "") : "",
    group: one.groupName,
  };
  return named[grouping] || UNNAMED[grouping];
};

/** Cases under headings, each group and the cases in it in the list's own order. */
export function groupsOf(
  read: Pick<Meeting, "people" | "cases">,
  grouping: Grouping,
): { name: string; cases: Case[] }[] {
  const groups = new Map<string, Case[]>();
  for (const one of read.cases) {
    const name = nameIn(read, one, grouping);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups].map(([name, cases]) => ({ name, cases }));
}
