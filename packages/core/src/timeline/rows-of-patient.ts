import * as Access from "../access/index.ts";
import type { Tx } from "../kernel/index.ts";
import * as Reporting from "../reporting/index.ts";
import * as Request from "../request/index.ts";
import * as Study from "../study/index.ts";
import { PAIRED } from "./anatomy.ts";
import { anatomyOf } from "./anatomy-of-study.ts";
import { familyOf } from "./modality-families.ts";
import { sideOf } from "./side.ts";
import type { Expected, RowCopy, TimelineRow } from "./timeline.ts";

export const MOST = 500;
const MOST_PICTURES = 4;

type Numbered = {
  custodian: string;
  accessionNumber: string | undefined;
  accessionIssuer: string | undefined;
};
type Held = { custodian: string; accessionNumber: string; issuer: string };

/** What stands under a study's accession number. Without a stated issuer the trust's own is meant: the newest of them. */
const isOf = (study: Numbered) => (one: Held) =>
  one.custodian === study.custodian &&
  one.accessionNumber === study.accessionNumber &&
  (study.accessionIssuer === undefined || one.issuer === study.accessionIssuer);

type Around = {
  reports: readonly Reporting.NewestReport[];
  requests: readonly Request.RequestOfPatient[];
  /** Whose reports may be read. */
  sharing: ReadonlySet<string>;
  since: Date | undefined;
};

const reportUnder = (study: Numbered, { reports }: Around): Reporting.NewestReport | undefined =>
  reports.filter(isOf(study)).toSorted((a, b) => b.messageAt.getTime() - a.messageAt.getTime())[0];

const requestUnder = (study: Numbered, { requests }: Around): Request.RequestOfPatient | undefined =>
  requests.find(isOf(study));

const reportStateUnder = (study: Numbered, around: Around) =>
  Reporting.reportStateOf(reportUnder(study, around)?.status, requestUnder(study, around) !== undefined);

function glanceOf(report: Reporting.NewestReport | undefined, { sharing }: Around): TimelineRow["report"] {
  if (!report || !sharing.has(report.custodian)) return undefined;
  const { author, reportedAt, text } = report;
  return { author, reportedAt, impression: Reporting.impressionOf(text) };
}

/** Series of images, in the study's own order. */
const pictured = (series: readonly Study.SeriesOfPatient[]) =>
  series
    .filter(({ modality, picture }) => familyOf(modality) !== undefined && picture !== "no-image")
    .slice(0, MOST_PICTURES);

function describe(study: Study.StudyOfPatient, request: Request.RequestOfPatient | undefined) {
  return anatomyOf({
    custodian: study.custodian,
    procedureCode: request?.procedureCode,
    bodyParts: [...study.bodyParts, ...study.series.flatMap(({ bodyPart }) => bodyPart ?? [])],
    words: [
      study.description,
      request?.procedure,
      ...study.series.map(({ description }) => description),
    ].filter((word): word is string => word !== undefined),
  });
}

function rowOf(study: Study.StudyOfPatient, copies: RowCopy[], around: Around): TimelineRow {
  const { series, accessionIssuer: _issuer, servedVersion: _version, receivedAt, ...rest } = study;
  const [report, request] = [reportUnder(study, around), requestUnder(study, around)];
  const glance = glanceOf(report, around);
  const anatomy = describe(study, request);
  return {
    ...rest,
    copies,
    regions: anatomy.regions,
    side: sideOf({
      lateralities: series.map(({ laterality }) => laterality),
      request: request?.laterality ?? anatomy.side,
      reportText: glance && report ? report.text : undefined,
      isPaired: anatomy.regions.length > 0 && anatomy.regions.every((region) => PAIRED.has(region)),
    }),
    reportState: reportStateUnder(study, around),
    report: glance,
    seriesCount: series.length,
    imageCount: series.reduce((sum, { instanceCount }) => sum + instanceCount, 0),
    firstSeriesId: (pictured(series)[0] ?? series[0])?.id,
    pictures: pictured(series).map(({ id, modality, picture }) => ({
      seriesId: id,
      modality,
      state: picture,
    })),
    isNew: around.since !== undefined && new Date(receivedAt) > around.since,
    isMasked: false,
  };
}

const expectedOf = ({ requests }: Around): Expected[] =>
  requests.flatMap(({ isExpected, state, accessionNumber: _number, issuer: _issuer, ...request }) => {
    if (!isExpected || state === "acquired" || state === "cancelled") return [];
    const { procedureCode: _code, bodyPart: _part, patientId: _patient, ...rest } = request;
    return [{ ...rest, state }];
  });

export type PatientRows = { rows: TimelineRow[]; expected: Expected[]; isCut: boolean };

/** A patient's studies, reports and requests, as far as this actor may know them: six statements, however many. */
export async function rowsOfPatient(
  tx: Tx,
  patientId: string,
  since: Date | undefined,
  scope = Access.readingScope(tx.actor),
): Promise<PatientRows> {
  if (!scope) return { rows: [], expected: [], isCut: false };
  const studies = await Study.studiesOfPatients(tx, scope, [patientId], MOST + 1);
  const around = { ...(await findAround(tx, scope, [patientId])), since };
  return {
    rows: studies.slice(0, MOST).map((study) => rowIn(study, around)),
    expected: expectedOf(around),
    isCut: studies.length > MOST,
  };
}

async function findAround(tx: Tx, scope: Access.ReadingScope, patientIds: readonly string[]) {
  return {
    reports: await Reporting.findNewestReports(tx, patientIds),
    requests: await Request.findRequestsInScope(tx, scope, patientIds),
    /** Whose reports may be read. */
    sharing: new Set(await Access.findCustodiansSharing(tx, "reports")),
  };
}

function rowIn(study: Study.StudyOfPatient, around: Around): TimelineRow {
  const copies = study.copies.map(({ accessionNumber, accessionIssuer, ...copy }) => ({
    ...copy,
    reportState: reportStateUnder({ custodian: copy.custodian, accessionNumber, accessionIssuer }, around),
  }));
  return rowOf(study, copies, around);
}

/** Of a study: which version of it and of its report a row speaks of. */
export type RowVersions = {
  servedVersion: number;
  report: { reportId: string; version: number } | undefined;
};

export type GatheredRows = PatientRows & { versions: Map<string, RowVersions> };

const groupedBy = <T extends { patientId: string }>(all: readonly T[]): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(one.patientId);
    if (group) group.push(one);
    else groups.set(one.patientId, [one]);
  }
  return groups;
};

function versionsOf(study: Study.StudyOfPatient, around: Around): RowVersions {
  const report = reportUnder(study, around);
  const isShared = report && around.sharing.has(report.custodian);
  return {
    servedVersion: study.servedVersion,
    report: isShared ? { reportId: report.reportId, version: report.version } : undefined,
  };
}

/** The same of many patients at once, for lists: as many statements as for one. `most`: of all of them together. */
export async function rowsOfPatients(
  tx: Tx,
  patientIds: readonly string[],
  most: number,
): Promise<Map<string, GatheredRows>> {
  const scope = Access.scopeOfSystem(tx.actor) ?? Access.readingScope(tx.actor);
  if (!scope || patientIds.length === 0) return new Map();
  const held = await Study.studiesOfPatients(tx, scope, patientIds, most + 1);
  const { reports, requests, sharing } = await findAround(tx, scope, patientIds);
  const studies = groupedBy(held.slice(0, most));
  const [reportsOf, requestsOf] = [groupedBy(reports), groupedBy(requests)];
  const isCut = held.length > most;
  return new Map(
    patientIds.map((id) => {
      const around: Around = {
        reports: reportsOf.get(id) ?? [],
        requests: requestsOf.get(id) ?? [],
        sharing,
        since: undefined,
      };
      const own = studies.get(id) ?? [];
      const versions = new Map(own.map((study) => [study.studyId, versionsOf(study, around)]));
      const rows = own.map((study) => rowIn(study, around));
      return [id, { rows, expected: expectedOf(around), isCut, versions }];
    }),
  );
}
