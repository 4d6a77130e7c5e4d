import type { AuditRecord } from "./record.ts";

/** One visit to a patient's record, in words that the patient reads (clinical page §21). */
export type PlainLook = {
  /** When it began, as an instant. */
  at: string;
  /** Who, by role: "A radiologist". Names are the trust's to give. */
  who: string;
  trust: string;
  did: string[];
  why: string | undefined;
};

const ROLE_WORDS: Record<string, string> = {
  radiologist: "A radiologist (a doctor who reads images)",
  "reporting-radiographer": "A reporting radiographer (a specialist who reads images)",
  clinician: "A doctor, nurse or other clinician",
  radiographer: "A radiographer (who takes images)",
  "mdt-coordinator": "A coordinator of specialist meetings",
  "pacs-manager": "A manager of the imaging records",
  "privacy-officer": "A privacy officer",
  "caldicott-guardian": "A Caldicott Guardian (who decides what is shared)",
  "clinical-safety-officer": "A clinical safety officer",
  "outside-reporter": "A doctor of a reporting company (who reads images for your hospital)",
};
const PURPOSE_WORDS: Record<string, string> = {
  "direct-care": "for your care",
  reporting: "to report on them",
  operations: "to look after the records",
  audit: "to check who has looked",
  emergency: "in an emergency",
  patient: "by your own link",
};

const REPORT = /^reporting\./;
function didOf({ verb, action, detail }: AuditRecord): string {
  if (verb === "taken-out") return "took a copy of your images or records";
  if (REPORT.test(action)) return "read a report";
  const isPresumed = detail instanceof Object && "presumed" in detail;
  return isPresumed ? "opened your images, and probably looked at them" : "looked at your images";
}

function whoOf({ actorKind, role }: AuditRecord): string {
  if (actorKind === "person") return ROLE_WORDS[role ?? ""] ?? "A member of staff";
  return actorKind === "patient" ? "You, or somebody with your link" : "A computer system";
}

const GAP_MS = 4 * 3_600_000;
const visitorOf = ({ actorKind, actorId, organisation }: AuditRecord) =>
  `${actorKind} ${actorId} ${organisation ?? ""}`;

type Visit = { first: AuditRecord; last: Date; rows: AuditRecord[] };

/** Looks of one visitor that follow one another within four hours are one visit. Oldest first. */
function visitsOf(rows: readonly AuditRecord[]): Visit[] {
  const visits: Visit[] = [];
  const open = new Map<string, Visit>();
  for (const row of rows.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const running = open.get(visitorOf(row));
    if (running && row.at.getTime() - running.last.getTime() <= GAP_MS) {
      running.last = row.at;
      running.rows.push(row);
      continue;
    }
    const visit = { first: row, last: row.at, rows: [row] };
    visits.push(visit);
    open.set(visitorOf(row), visit);
  }
  return visits;
}

const TOLD = ["displayed", "taken-out"];

/**
 * What of the audit a patient reads: what was displayed and what was taken out, visit by visit, newest first, by role and trust.
 * Neither what was only listed or fetched ahead, nor what was refused, nor what our own functions did.
 */
export function plainLooks(
  rows: readonly AuditRecord[],
  trustNames: ReadonlyMap<string, string>,
): PlainLook[] {
  const told = rows.filter(
    ({ verb, outcome, actorKind }) => TOLD.includes(verb) && outcome === "success" && actorKind !== "system",
  );
  return visitsOf(told)
    .map(({ first, rows: of }) => ({
      at: first.at.toISOString(),
      who: whoOf(first),
      trust: trustNames.get(first.organisation ?? "") ?? "another organisation",
      did: [...new Set(of.map(didOf))],
      why: PURPOSE_WORDS[first.purpose ?? ""],
    }))
    .reverse();
}
