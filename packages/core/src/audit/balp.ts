import type {
  AuditEvent,
  AuditEventAgent,
  AuditEventEntity,
  CodeableConcept,
  Coding,
} from "@medplum/fhirtypes";
import type { AuditVerb } from "../kernel/index.ts";
import type { AuditRecord } from "./record.ts";

const BALP = "https://profiles.ihe.net/ITI/BALP";
const DCM = "http://dicom.nema.org/resources/ontology/DCM";
const TERMINOLOGY = "http://terminology.hl7.org/CodeSystem";
const WEALD = "https://weald.example/fhir/CodeSystem";

/** Who keeps the audit, as it stands in each event. */
export type AuditServer = { name: string; url: string };

/** Weald itself, as what it takes out names who kept it. */
export const KEPT_BY: AuditServer = { name: "Weald", url: "urn:x-weald:region" };

type Kind = "Read" | "Query" | "Update" | "Create" | "Disclosure" | "Authentication";

/** Which pattern of BALP a verb is. @see IHE ITI BALP, volume 3, "RESTful activities" and "Privacy Disclosure" */
const KIND_OF: Record<AuditVerb, Kind> = {
  listed: "Query",
  "looked-up": "Query",
  "fetched-ahead": "Read",
  displayed: "Read",
  opened: "Read",
  told: "Read",
  changed: "Update",
  received: "Create",
  "taken-out": "Disclosure",
  "signed-in": "Authentication",
  "signed-out": "Authentication",
};
const ACTION: Record<Kind, NonNullable<AuditEvent["action"]>> = {
  Read: "R",
  Query: "E",
  Update: "U",
  Create: "C",
  Disclosure: "R",
  Authentication: "E",
};
const INTERACTION: Record<Exclude<Kind, "Authentication">, string> = {
  Read: "read",
  Query: "search",
  Update: "update",
  Create: "create",
  Disclosure: "read",
};
const OUTCOME = { success: "0", denied: "4", failure: "8" } as const;

/** @see HL7 v3 ActReason (PurposeOfUse) */
const PURPOSE_OF_USE: Record<string, Coding> = {
  "direct-care": { code: "TREAT", display: "treatment" },
  reporting: { code: "TREAT", display: "treatment" },
  operations: { code: "HOPERAT", display: "healthcare operations" },
  audit: { code: "HCOMPL", display: "health compliance" },
  emergency: { code: "BTG", display: "break the glass" },
  patient: { code: "PATRQT", display: "patient requested" },
};

const concept = (system: string, code: string, display?: string): CodeableConcept => ({
  coding: [{ system, code, ...(display ? { display } : {}) }],
});
const UNKNOWN = {
  extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "unknown" }],
};

function purposesOf({ purpose }: AuditRecord): CodeableConcept[] | undefined {
  if (!purpose) return undefined;
  const coded = PURPOSE_OF_USE[purpose];
  if (!coded) return [{ text: purpose }];
  return [{ coding: [{ system: `${TERMINOLOGY}/v3-ActReason`, ...coded }], text: purpose }];
}

const SOURCE = concept(DCM, "110153", "Source Role ID");
const DESTINATION = concept(DCM, "110152", "Destination Role ID");
/** What is read flows to the client; what is asked or written flows from it. */
const isToClient = (kind: Kind) => kind === "Read" || kind === "Disclosure";

function clientAgent(row: AuditRecord, kind: Kind): AuditEventAgent {
  const isSomebody = row.actorKind === "person" || row.actorKind === "patient";
  const system = row.fromSystem ?? (isSomebody ? row.door : row.actorId);
  return {
    type: isToClient(kind) ? DESTINATION : SOURCE,
    who: { identifier: { system: `${WEALD}/client`, value: system } },
    requestor: !isSomebody,
    network: row.fromAddress ? { address: row.fromAddress, type: "2" } : UNKNOWN,
  };
}

const observerOf = ({ name, url }: AuditServer) => ({ identifier: { value: url }, display: name });

const serverAgent = (server: AuditServer, kind: Kind): AuditEventAgent => ({
  type: isToClient(kind) ? SOURCE : DESTINATION,
  who: observerOf(server),
  requestor: false,
  network: { address: server.url, type: "5" },
});

function userAgent(row: AuditRecord, kind: Kind): AuditEventAgent {
  const purposeOfUse = purposesOf(row);
  const writes = kind === "Update" || kind === "Create";
  return {
    type: concept(`${TERMINOLOGY}/v3-ParticipationType`, writes ? "AUT" : "IRCP"),
    who: { identifier: { system: "https://fhir.nhs.uk/Id/sds-user-id", value: row.actorId } },
    requestor: true,
    ...(row.role ? { role: [{ text: row.role }] } : {}),
    ...(purposeOfUse ? { purposeOfUse } : {}),
  };
}

/** Whoever had the link and its code: which of the people it was given to is not known. */
function patientAgent(row: AuditRecord): AuditEventAgent {
  const purposeOfUse = purposesOf(row);
  return {
    type: concept(`${TERMINOLOGY}/v3-ParticipationType`, "IRCP"),
    who: { identifier: { system: `${WEALD}/link-session`, value: row.actorId } },
    requestor: true,
    role: [concept(`${TERMINOLOGY}/v3-RoleClass`, "PAT", "patient")],
    ...(purposeOfUse ? { purposeOfUse } : {}),
  };
}

const organisationAgent = (odsCode: string, type: CodeableConcept): AuditEventAgent => ({
  type,
  who: { identifier: { system: "https://fhir.nhs.uk/Id/ods-organization-code", value: odsCode } },
  requestor: false,
});

function agentsOf(row: AuditRecord, kind: Kind, server: AuditServer): AuditEventAgent[] {
  const custodian = concept("http://snomed.info/sct", "159541003", "Record keeping/library clerk");
  return [
    clientAgent(row, kind),
    serverAgent(server, kind),
    ...(row.actorKind === "person" ? [userAgent(row, kind)] : []),
    ...(row.actorKind === "patient" ? [patientAgent(row)] : []),
    ...(row.organisation
      ? [
          organisationAgent(
            row.organisation,
            concept(`${TERMINOLOGY}/v3-RoleClass`, "PROV", "healthcare provider"),
          ),
        ]
      : []),
    ...(row.custodian ? [organisationAgent(row.custodian, custodian)] : []),
  ];
}

const SYSTEM_OBJECT: Coding = {
  system: `${TERMINOLOGY}/audit-entity-type`,
  code: "2",
  display: "System Object",
};
const role = (code: string, display: string): Coding => ({
  system: `${TERMINOLOGY}/object-role`,
  code,
  display,
});

const transaction = (row: AuditRecord): AuditEventEntity => ({
  type: { system: `${BALP}/CodeSystem/BasicAuditEntityType`, code: "XrequestId" },
  what: { identifier: { value: row.correlationId } },
  ...(row.sessionId ? { detail: [{ type: "session", valueString: row.sessionId }] } : {}),
});

/** What was asked, as it was kept: codes and counts, never a value that names somebody. */
const query = (row: AuditRecord): AuditEventEntity => ({
  type: SYSTEM_OBJECT,
  role: role("24", "Query"),
  query: Buffer.from(JSON.stringify({ action: row.action, ...(row.detail ?? {}) })).toString("base64"),
});

const data = (row: AuditRecord): AuditEventEntity => ({
  type: SYSTEM_OBJECT,
  role: role("4", "Domain Resource"),
  what: row.studyId
    ? { reference: `ImagingStudy/${row.studyId}` }
    : { identifier: { system: `${WEALD}/action`, value: row.action } },
  ...(row.detail ? { detail: [{ type: "detail", valueString: JSON.stringify(row.detail) }] } : {}),
});

const patient = (patientId: string): AuditEventEntity => ({
  type: { system: `${TERMINOLOGY}/audit-entity-type`, code: "1", display: "Person" },
  role: role("1", "Patient"),
  what: { reference: `Patient/${patientId}` },
});

/** BALP's profiles are of what succeeded, and a disclosure is of a patient; the rest is plain FHIR in the same shape. */
function profileOf(row: AuditRecord, kind: Kind): string | undefined {
  if (row.outcome !== "success" || kind === "Authentication") return undefined;
  if (kind === "Disclosure") return `${BALP}/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source`;
  return `${BALP}/StructureDefinition/IHE.BasicAudit.${row.patientId ? "Patient" : ""}${kind}`;
}

function typeOf(kind: Kind): Coding {
  if (kind === "Disclosure") return { system: DCM, code: "110106", display: "Export" };
  if (kind === "Authentication") return { system: DCM, code: "110114", display: "User Authentication" };
  return { system: `${TERMINOLOGY}/audit-event-type`, code: "rest", display: "RESTful Operation" };
}

function interactionOf({ verb }: AuditRecord, kind: Kind): Coding {
  if (kind !== "Authentication")
    return { system: "http://hl7.org/fhir/restful-interaction", code: INTERACTION[kind] };
  const isIn = verb === "signed-in";
  return { system: DCM, code: isIn ? "110122" : "110123", display: isIn ? "Login" : "Logout" };
}

function subtypesOf(row: AuditRecord, kind: Kind): Coding[] {
  const disclosed = { system: `${TERMINOLOGY}/iso-21089-lifecycle`, code: "disclose" };
  return [
    ...(kind === "Disclosure" ? [disclosed] : []),
    interactionOf(row, kind),
    // The verbs that a patient can read, and the action itself (clinical page §21).
    { system: `${WEALD}/audit-verb`, code: row.verb },
    { system: `${WEALD}/action`, code: row.action },
  ];
}

/**
 * A row of the audit as a FHIR R4 AuditEvent after IHE's Basic Audit Log Patterns.
 *
 * @see https://profiles.ihe.net/ITI/BALP
 */
export function auditEventOf(row: AuditRecord, server: AuditServer): AuditEvent {
  // Taken out without a patient (a list of a trust's records): a read.
  const kind = KIND_OF[row.verb] === "Disclosure" && !row.patientId ? "Read" : KIND_OF[row.verb];
  const profile = profileOf(row, kind);
  const purposeOfEvent = purposesOf(row);
  return {
    resourceType: "AuditEvent",
    id: row.id,
    ...(profile ? { meta: { profile: [profile] } } : {}),
    type: typeOf(kind),
    subtype: subtypesOf(row, kind),
    action: ACTION[kind],
    recorded: row.at.toISOString(),
    outcome: OUTCOME[row.outcome],
    ...(row.reason ? { outcomeDesc: row.reason } : {}),
    ...(purposeOfEvent ? { purposeOfEvent } : {}),
    agent: agentsOf(row, kind, server),
    source: {
      site: server.name,
      observer: observerOf(server),
      type: [{ system: `${TERMINOLOGY}/security-source-type`, code: "4", display: "Application Server" }],
    },
    entity: [
      transaction(row),
      kind === "Query" ? query(row) : data(row),
      ...(row.patientId ? [patient(row.patientId)] : []),
    ],
  };
}
