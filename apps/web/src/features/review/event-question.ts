import type { Inputs } from "#features/shell/trpc.tsx";

export type Asked = Omit<NonNullable<Inputs["review"]["listEvents"]>, "before">;
export type Verb = NonNullable<Asked["verb"]>;

export const VERB_WORDS: Record<Verb, string> = {
  listed: "Listed",
  "looked-up": "Looked up",
  opened: "Opened",
  "fetched-ahead": "Fetched ahead",
  displayed: "Displayed",
  "taken-out": "Taken out",
  changed: "Changed",
  received: "Received",
  told: "Told",
  "signed-in": "Signed in",
  "signed-out": "Signed out",
};
const OUTCOMES = ["success", "denied", "failure"] as const;

const dayStart = (day: string): string => new Date(`${day}T00:00:00`).toISOString();
/** The day itself is meant too. */
function dayEnd(day: string): string {
  const end = new Date(`${day}T00:00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
}

function ofFrom(nhsNumber: string, localNumber: string): Asked["of"] {
  if (nhsNumber) return { by: "nhs-number", nhsNumber };
  if (localNumber) return { by: "local-number", localNumber };
  return { by: "anybody" };
}

/** What the form asks; days are the reader's own. */
export function askedFrom(form: FormData): Asked {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const verb = Object.keys(VERB_WORDS).find((one): one is Verb => one === text("verb"));
  const outcome = OUTCOMES.find((one) => one === text("outcome"));
  return {
    of: ofFrom(text("nhsNumber"), text("localNumber")),
    ...(text("actorId") ? { actorId: text("actorId") } : {}),
    ...(verb ? { verb } : {}),
    ...(outcome ? { outcome } : {}),
    ...(text("from") ? { from: dayStart(text("from")) } : {}),
    ...(text("until") ? { until: dayEnd(text("until")) } : {}),
  };
}
