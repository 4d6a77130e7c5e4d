import type { Consent } from "@medplum/fhirtypes";
import type { Item, Link, LinkState } from "./link.ts";

export type Exported = {
  link: Link;
  items: readonly (Item & { studyInstanceUid: string })[];
  state: LinkState;
  /** What its trust calls the patient, and their NHS number. */
  localNumber: string;
  nhsNumber: string | undefined;
  recipientName: string | undefined;
};

const CODES = "http://terminology.hl7.org/CodeSystem";
const NHS = "https://fhir.nhs.uk/Id";
const RECIPIENT = { patient: "PAT", proxy: "PROXY", "passed-on": "PROV" } as const;

const patientOf = ({ link, localNumber, nhsNumber }: Exported): Consent["patient"] => ({
  identifier: nhsNumber
    ? { system: `${NHS}/nhs-number`, value: nhsNumber }
    : { system: `urn:x-weald:${link.organisation}:local-number`, value: localNumber },
});

const organisationRef = (odsCode: string) => ({
  identifier: { system: `${NHS}/ods-organization-code`, value: odsCode },
});

function dataOf({ items }: Exported) {
  const uids = [...new Set(items.map(({ studyInstanceUid }) => studyInstanceUid))];
  return uids.map((uid) => ({
    meaning: "instance" as const,
    reference: {
      type: "ImagingStudy" as const,
      identifier: { system: "urn:dicom:uid", value: `urn:oid:${uid}` },
      display: items.every(({ seriesId, instanceId }) => !seriesId && !instanceId)
        ? "study"
        : "parts of a study",
    },
  }));
}

function provisionOf(exported: Exported): NonNullable<Consent["provision"]> {
  const { link, recipientName } = exported;
  const end = link.endedAt ?? link.endsAt;
  return {
    type: "permit",
    period: { start: link.issuedAt.toISOString(), end: end.toISOString() },
    actor: [
      {
        role: { coding: [{ system: `${CODES}/v3-RoleClass`, code: RECIPIENT[link.recipient] }] },
        reference: { display: recipientName ?? "the patient" },
      },
    ],
    action: [{ coding: [{ system: `${CODES}/consentaction`, code: "access" }] }],
    purpose: [
      {
        system: `${CODES}/v3-ActReason`,
        code: link.recipient === "passed-on" ? "TREAT" : link.recipient === "proxy" ? "FAMRQT" : "PATRQT",
      },
    ],
    data: dataOf(exported),
  };
}

/** A link as FHIR R4 has it: what the patient permits, to whom and until when. @see https://hl7.org/fhir/R4/consent.html */
export function consentOf(exported: Exported): Consent {
  const { link, state } = exported;
  return {
    resourceType: "Consent",
    id: link.id,
    status: state === "ended" || state === "expired" ? "inactive" : "active",
    scope: { coding: [{ system: `${CODES}/consentscope`, code: "patient-privacy" }] },
    category: [{ coding: [{ system: "http://loinc.org", code: "59284-0", display: "Consent Document" }] }],
    patient: patientOf(exported),
    dateTime: link.issuedAt.toISOString(),
    organization: [organisationRef(link.organisation)],
    policyRule: { coding: [{ system: `${CODES}/v3-ActCode`, code: "OPTIN" }] },
    provision: provisionOf(exported),
  };
}
