import type {
  DiagnosticReport,
  Identifier,
  ImagingStudy,
  ImagingStudySeries,
  Patient,
  Provenance,
  ServiceRequest,
} from "@medplum/fhirtypes";
import type {
  SignedObject,
  TakenIdentity,
  TakenOverlay,
  TakenReport,
  TakenRequest,
  TakenStudy,
} from "./api.ts";

/** FHIR R4 resources of what is taken out. Ids are the region's own; what others know stands in the identifiers. */
type Of = { custodian: string; recordId: string };

const NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number";
const ODS = "https://fhir.nhs.uk/Id/ods-organization-code";
const DCM = "http://dicom.nema.org/resources/ontology/DCM";
const ACCESSION_TYPE = {
  coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0203", code: "ACSN" }],
};

const organisation = (odsCode: string) => ({ identifier: { system: ODS, value: odsCode } });
const patientOf = ({ recordId }: Of) => ({ reference: `Patient/${recordId}` });
const accession = (value: string, issuer: string): Identifier => ({
  type: ACCESSION_TYPE,
  value,
  assigner: organisation(issuer),
});

const GENDER: Record<string, Patient["gender"]> = { F: "female", M: "male", O: "other" };
const PRIORITY: Record<string, ServiceRequest["priority"]> = {
  routine: "routine",
  urgent: "urgent",
  "two-week-wait": "urgent",
  stat: "stat",
};
const REQUEST_STATUS: Record<string, ServiceRequest["status"]> = {
  requested: "active",
  booked: "active",
  arrived: "active",
  acquired: "completed",
  cancelled: "revoked",
};
const REPORT_STATUS: Record<string, DiagnosticReport["status"]> = {
  preliminary: "preliminary",
  final: "final",
  amended: "amended",
  addendum: "appended",
  cancelled: "cancelled",
};

export function patient(identity: TakenIdentity): Patient {
  const { recordId, family, given, middle, prefix, birthDate, sex, nhsNumber } = identity;
  return {
    resourceType: "Patient",
    id: recordId,
    identifier: [
      ...(nhsNumber ? [{ system: NHS_NUMBER, value: nhsNumber }] : []),
      { value: identity.localNumber, assigner: organisation(identity.custodian) },
    ],
    name: [
      {
        family,
        given: [given, middle].filter(Boolean),
        ...(prefix ? { prefix: [prefix] } : {}),
      },
    ],
    ...(birthDate ? { birthDate } : {}),
    gender: GENDER[sex ?? ""] ?? "unknown",
    managingOrganization: organisation(identity.custodian),
  };
}

export const serviceRequest = (request: TakenRequest, of: Of): ServiceRequest => ({
  resourceType: "ServiceRequest",
  id: request.id,
  meta: { lastUpdated: request.messageAt },
  identifier: [accession(request.accessionNumber, request.issuer)],
  status: REQUEST_STATUS[request.state] ?? "unknown",
  intent: "order",
  priority: PRIORITY[request.priority] ?? "routine",
  code: { coding: [{ code: request.procedureCode }], text: request.procedureText },
  subject: patientOf(of),
  ...(request.requestedAt ? { authoredOn: request.requestedAt } : {}),
  ...(request.referrer ? { requester: { display: request.referrer } } : {}),
  ...(request.question ? { reasonCode: [{ text: request.question }] } : {}),
  ...(request.bodyPart
    ? { bodySite: [{ text: [request.bodyPart, request.laterality].filter(Boolean).join(", ") }] }
    : {}),
  // The states between are finer than FHIR's.
  note: [{ text: `State at the trust: ${request.state}. Priority as sent: ${request.priority}.` }],
});

/** One resource a version: what stood at each time is part of the record. */
export const diagnosticReports = (report: TakenReport, of: Of): DiagnosticReport[] =>
  report.versions.map((version) => ({
    resourceType: "DiagnosticReport",
    id: version.id,
    identifier: [
      { value: report.fillerNumber, assigner: organisation(report.issuer) },
      accession(report.accessionNumber, report.issuer),
    ],
    status: REPORT_STATUS[version.status] ?? "unknown",
    code: { text: "Imaging report" },
    subject: patientOf(of),
    issued: version.reportedAt,
    ...(version.author
      ? { resultsInterpreter: [{ display: [version.author, version.authorRole].filter(Boolean).join(", ") }] }
      : {}),
    presentedForm: [
      {
        contentType: "text/plain; charset=utf-8",
        data: Buffer.from(version.text, "utf8").toString("base64"),
        title: `Version ${version.version}`,
      },
    ],
  }));

const seriesOf = (study: TakenStudy, objects: readonly SignedObject[]): ImagingStudySeries[] =>
  study.series.map((series) => {
    const mine = objects.filter(({ seriesInstanceUid }) => seriesInstanceUid === series.seriesInstanceUid);
    return {
      uid: series.seriesInstanceUid,
      modality: { system: DCM, code: series.modality },
      ...(series.number === null ? {} : { number: Math.max(0, series.number) }),
      ...(series.description ? { description: series.description } : {}),
      ...(series.bodyPart ? { bodySite: { display: series.bodyPart } } : {}),
      numberOfInstances: mine.length,
      instance: mine.map(({ sopInstanceUid, sopClassUid, instanceNumber }) => ({
        uid: sopInstanceUid,
        sopClass: { system: "urn:ietf:rfc:3986", code: `urn:oid:${sopClassUid}` },
        ...(instanceNumber === null || instanceNumber < 0 ? {} : { number: instanceNumber }),
      })),
    };
  });

export const imagingStudy = (study: TakenStudy, objects: readonly SignedObject[], of: Of): ImagingStudy => ({
  resourceType: "ImagingStudy",
  id: study.id,
  identifier: [
    { system: "urn:dicom:uid", value: `urn:oid:${study.studyInstanceUid}` },
    ...(study.accessionNumber
      ? [accession(study.accessionNumber, study.accessionIssuer ?? of.custodian)]
      : []),
  ],
  // Rejected, or withheld: not to be used.
  status: study.isSetAside ? "entered-in-error" : "available",
  subject: patientOf(of),
  ...(study.studiedAt ? { started: study.studiedAt } : {}),
  ...(study.description ? { description: study.description } : {}),
  ...(study.referrer ? { referrer: { display: study.referrer } } : {}),
  modality: study.modalities.map((code) => ({ system: DCM, code })),
  numberOfSeries: study.series.length,
  numberOfInstances: objects.length,
  series: seriesOf(study, objects),
  ...(study.isOutside
    ? { note: [{ text: `Imported from outside: ${study.sourceName ?? "not said"}` }] }
    : {}),
});

/** A correction of what is served: who is a stranger elsewhere, why and when are not. */
export const provenance = (overlay: TakenOverlay, study: TakenStudy, of: Of): Provenance => ({
  resourceType: "Provenance",
  id: `${overlay.targetId}-${overlay.version}`,
  target: [
    {
      reference: `ImagingStudy/${study.id}`,
      display: overlay.sopInstanceUid ?? overlay.seriesInstanceUid ?? overlay.studyInstanceUid,
    },
  ],
  recorded: overlay.writtenAt,
  activity: {
    coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-DataOperation", code: "UPDATE" }],
    text: `Corrected: ${Object.keys(overlay.attributes).join(", ")}`,
  },
  reason: [{ text: overlay.reason }],
  agent: [{ who: organisation(of.custodian) }],
});
