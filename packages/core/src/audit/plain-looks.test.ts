import { describe, expect, it } from "vitest";
import { plainLooks } from "./plain-looks.ts";
import type { AuditRecord } from "./record.ts";

const NAMES = new Map([["RXC", "Conyers Vale"]]);
const row = (minutes: number, more: Partial<AuditRecord> = {}): AuditRecord => ({
  id: "0199a000-0000-7000-8000-00000000000a",
  at: new Date(Date.UTC(2026, 10, 2, 9, minutes)),
  action: "study.report-displayed",
  verb: "displayed",
  outcome: "success",
  reason: null,
  actorKind: "person",
  actorId: "p-1",
  role: "radiologist",
  organisation: "RXC",
  purpose: "reporting",
  patientId: null,
  studyId: null,
  custodian: null,
  door: "portal",
  correlationId: "c",
  fromAddress: null,
  fromSystem: null,
  sessionId: null,
  isPrefetch: false,
  detail: null,
  ...more,
});
const told = (...rows: AuditRecord[]) => plainLooks(rows, NAMES);

describe("what a patient reads of who looked", () => {
  it("is one line a visit: role, trust, what they did and why, newest first, and no name", () => {
    const looks = told(
      row(0),
      row(30, { action: "reporting.read" }),
      row(60, { verb: "taken-out", action: "takeout.sign-study" }),
      row(600),
      row(10, { actorId: "p-2", role: "clinician", purpose: "direct-care" }),
    );
    expect(looks).toHaveLength(3);
    expect(looks[2]).toEqual({
      at: "2026-11-02T09:00:00.000Z",
      who: "A radiologist (a doctor who reads images)",
      trust: "Conyers Vale",
      did: ["looked at your images", "read a report", "took a copy of your images or records"],
      why: "to report on them",
    });
    expect(looks.map(({ at }) => at)).toEqual(
      looks
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    expect(JSON.stringify(looks)).not.toContain("p-1");
  });
  it("leaves out lists, fetches ahead, changes, refusals and our own functions", () => {
    const nothing = [
      row(0, { verb: "listed" }),
      row(0, { verb: "fetched-ahead" }),
      row(0, { verb: "changed" }),
      row(0, { outcome: "denied" }),
      row(0, { actorKind: "system" }),
    ];
    expect(told(...nothing)).toEqual([]);
  });
  it("says of what nobody reported that it was probably looked at, and of another system that it is one", () => {
    const [look] = told(row(0, { action: "audit.presume-displayed", detail: { presumed: true } }));
    expect(look?.did).toEqual(["opened your images, and probably looked at them"]);
    const [system] = told(
      row(0, { verb: "taken-out", actorKind: "client", role: null, organisation: "ZZZ" }),
    );
    expect(system).toMatchObject({ who: "A computer system", trust: "another organisation" });
  });
});
