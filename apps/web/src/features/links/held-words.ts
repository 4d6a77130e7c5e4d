import { asDate } from "#features/shell/dates.ts";
import type { Outputs } from "#features/shell/trpc.tsx";

export type Judged = Outputs["links"]["preview"]["studies"][number];
type Release = Judged["release"];
type Why = Extract<Release, { state: "held" }>["why"][number];

/** For staff alone: the patient never reads why. */
const WHY: Record<Why, string> = {
  "no-rule": "your trust has no release rule for this kind of study",
  arriving: "images are still arriving",
  short: "images are missing",
  "held-by-hand": "it was held by hand",
  "not-to-proxies": "it is marked not to go to proxies",
  alert: "an alert or a cancer pathway stands, and nobody has told the patient since",
  "call-first": "the patient asked to be called first, and isn't marked as told",
  "not-told": "your trust's rule: after the patient was told",
  "too-early": "your trust's rule: after some days",
  "not-reported": "your trust's rule counts from the report, which isn't final",
};

export function releaseWords(release: Release): {
  tone: "green" | "amber" | "danger";
  title: string;
  text: string;
} {
  if (release.state === "open") return { tone: "green", title: "May go now", text: "Nothing holds it back." };
  if (release.state === "cannot-be-shared")
    return { tone: "danger", title: "This can't be shared by a link", text: "Ask your Caldicott Guardian." };
  const until = release.until ? ` It opens on ${asDate(String(release.until))}.` : "";
  return {
    tone: "amber",
    title: "Held for now",
    text: `The link goes once this is over: ${release.why.map((why) => WHY[why]).join("; ")}.${until}`,
  };
}
