import type { Inputs } from "#features/shell/trpc.tsx";

export type Filters = NonNullable<Inputs["worklist"]["list"]["filters"]>;

const STATES = ["unreported", "preliminary", "reported"] as const;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Filters stand in the URL, so that Back and a bookmark bring the same list. What makes no sense is left out. */
export function readFilters(search: Record<string, string | string[] | undefined>): Filters {
  const text = (name: string) => (typeof search[name] === "string" ? search[name] : "");
  const state = STATES.find((one) => one === text("state"));
  return {
    ...(DATE.test(text("from")) ? { from: text("from") } : {}),
    ...(DATE.test(text("to")) ? { to: text("to") } : {}),
    ...(/^[A-Z]{2,16}$/.test(text("modality")) ? { modality: text("modality") } : {}),
    ...(/^[A-Z0-9]{3,6}$/.test(text("trust")) ? { custodian: text("trust") } : {}),
    ...(state ? { reportState: state } : {}),
    ...(text("incomplete") === "1" ? { isIncomplete: true } : {}),
  };
}

export function writeFilters(filters: Filters): string {
  const search = new URLSearchParams();
  if (filters.from) search.set("from", filters.from);
  if (filters.to) search.set("to", filters.to);
  if (filters.modality) search.set("modality", filters.modality);
  if (filters.custodian) search.set("trust", filters.custodian);
  if (filters.reportState) search.set("state", filters.reportState);
  if (filters.isIncomplete) search.set("incomplete", "1");
  const text = search.toString();
  return text ? `?${text}` : "";
}
