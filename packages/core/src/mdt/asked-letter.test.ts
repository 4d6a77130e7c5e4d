import { describe, expect, it } from "vitest";
import { askedLetter } from "./asked-letter.ts";

const NOW = new Date("2026-06-29T09:00:00Z");
const meeting = (id: string, more: Partial<Parameters<typeof askedLetter>[0][number]> = {}) => ({
  id,
  name: "Lung MDT",
  heldOn: "2026-07-03",
  cutOffAt: new Date("2026-07-01T12:30:00Z"),
  zone: "Europe/London",
  ...more,
});

describe("what a message of requests says", () => {
  it("one request: its meeting, the day, and when the list closes by the wall of where it is held", () => {
    expect(askedLetter([meeting("a")], NOW)).toEqual({
      requests: "1 request",
      meetings: "Lung MDT, Friday 3 July 2026: 1 request, the list closes on 1 July 2026 at 13:30",
    });
  });

  it("in winter the wall is an hour nearer to UTC, and what has closed says so", () => {
    const winter = meeting("a", { heldOn: "2026-01-03", cutOffAt: new Date("2026-01-01T13:30:00Z") });
    expect(askedLetter([winter], NOW).meetings).toBe(
      "Lung MDT, Saturday 3 January 2026: 1 request, the list closed on 1 January 2026 at 13:30",
    );
  });

  it("a list that closes at this very moment is closed", () => {
    expect(askedLetter([meeting("a", { cutOffAt: NOW })], NOW).meetings).toContain("the list closed on");
  });

  it("requests of several meetings are counted for each, what closes first stands first", () => {
    const breast = meeting("b", { name: "Breast MDT", cutOffAt: new Date("2026-06-30T12:30:00Z") });
    const { requests, meetings } = askedLetter([meeting("a"), breast, meeting("a"), meeting("a")], NOW);
    expect(requests).toBe("4 requests");
    expect(meetings.split("\n")).toEqual([
      expect.stringMatching(/^Breast MDT, .*: 1 request,/),
      expect.stringMatching(/^Lung MDT, .*: 3 requests,/),
    ]);
  });

  it("two meetings of one name and day are two", () => {
    expect(askedLetter([meeting("a"), meeting("b")], NOW).meetings.split("\n")).toHaveLength(2);
  });

  it("whatever was typed as a name is one line", () => {
    const typed = meeting("a", { name: "  Lung\n\nMDT‮ \t X " });
    expect(askedLetter([typed], NOW).meetings).toMatch(/^Lung MDT X, Friday/);
  });

  it("more than ten meetings are counted, not named", () => {
    const many = Array.from({ length: 12 }, (_, nth) => meeting(`m-${String(nth).padStart(2, "0")}`));
    const lines = askedLetter(many, NOW).meetings.split("\n");
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe("and for 2 more");
  });
});
