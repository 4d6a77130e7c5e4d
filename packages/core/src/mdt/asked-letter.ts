import type { Meeting } from "./meeting.ts";

type Of = Pick<Meeting, "id" | "name" | "heldOn" | "cutOffAt" | "zone">;

const MOST_MEETINGS = 10;

// Put together here: how a platform joins the parts differs from version to version.
const dateOf = (at: Date, timeZone: string) =>
  at.toLocaleDateString("en-GB", { dateStyle: "long", timeZone });
const dayOf = (heldOn: string) => {
  const at = new Date(heldOn);
  return `${at.toLocaleDateString("en-GB", { weekday: "long", timeZone: "UTC" })} ${dateOf(at, "UTC")}`;
};
const momentOf = (at: Date, timeZone: string) =>
  `${dateOf(at, timeZone)} at ${at.toLocaleTimeString("en-GB", { timeStyle: "short", timeZone })}`;

/** One line of a message, whatever was typed as a name. */
const oneLine = (text: string) => text.replace(/[\p{C}\p{Z}]+/gu, " ").trim();

const requests = (count: number) => (count === 1 ? "1 request" : `${count} requests`);

function lineOf(meeting: Of, count: number, now: Date): string {
  const { name, heldOn, cutOffAt, zone } = meeting;
  const closes = `the list ${cutOffAt > now ? "closes" : "closed"} on ${momentOf(cutOffAt, zone)}`;
  return `${oneLine(name)}, ${dayOf(heldOn)}: ${requests(count)}, ${closes}`;
}

/**
 * What a message says of requests, each given as the meeting that it is for: how many, for which meetings, and by when. Nothing of
 * any patient, nobody's words.
 */
export function askedLetter(asked: readonly Of[], now: Date): { requests: string; meetings: string } {
  const meetings = [...new Map(asked.map((meeting) => [meeting.id, meeting])).values()].toSorted(
    (a, b) => a.cutOffAt.getTime() - b.cutOffAt.getTime() || a.id.localeCompare(b.id),
  );
  const lines = meetings
    .slice(0, MOST_MEETINGS)
    .map((meeting) => lineOf(meeting, asked.filter(({ id }) => id === meeting.id).length, now));
  const more = meetings.length - lines.length;
  return {
    requests: requests(asked.length),
    meetings: [...lines, ...(more > 0 ? [`and for ${more} more`] : [])].join("\n"),
  };
}
