import type { KeptReadiness, Moment } from "./readiness.store.ts";

type Kept = Pick<KeptReadiness, "caseId" | "meetingId" | "moment" | "colour" | "aspects">;

export type Share = { of: number; there: number; unknown: number };
export type AtMoment = { cases: number; ready: number; images: Share; report: Share; priors: Share };
export type Figures = { meetings: number; cutOff: AtMoment; start: AtMoment };

/** Of so many cases how many had it; what nobody knew is counted apart, never as there. */
function shareOf(kept: readonly Kept[], about: string): Share {
  const colours = kept.map(({ aspects }) => aspects.find((one) => one.about === about)?.colour ?? "grey");
  return {
    of: kept.length,
    there: colours.filter((colour) => colour === "green").length,
    unknown: colours.filter((colour) => colour === "grey").length,
  };
}

const at = (kept: readonly Kept[], moment: Moment): AtMoment => {
  const own = kept.filter((one) => one.moment === moment);
  return {
    cases: own.length,
    ready: own.filter(({ colour }) => colour === "green").length,
    images: shareOf(own, "images"),
    report: shareOf(own, "report"),
    priors: shareOf(own, "priors"),
  };
};

/** Images, reports and priors available when the list closed and when the meeting began. */
export const figuresOf = (kept: readonly Kept[]): Figures => ({
  meetings: new Set(kept.map(({ meetingId }) => meetingId)).size,
  cutOff: at(kept, "cut-off"),
  start: at(kept, "start"),
});
