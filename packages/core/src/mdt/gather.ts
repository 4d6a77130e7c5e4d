import { namesOf } from "../identity/index.ts";
import type { Tx } from "../kernel/index.ts";
import { readOrganisations } from "../organisation/index.ts";
import { findRecordsOfPatients, type PatientIdentity, type RecordRow } from "../patient/index.ts";
import * as Timeline from "../timeline/index.ts";
import { type AskRow, findAsks } from "./ask.store.ts";
import type { MeetingCase, StudyPart } from "./case.ts";
import { findDecided, findPins, findRequirements, type RequirementRow } from "./case-parts.store.ts";
import type { Meeting, TemplateLine } from "./meeting.ts";
import {
  findOutside,
  findPathology,
  findPrepared,
  type OutsideRow,
  type PathologyRow,
} from "./note.store.ts";
import { patientTo } from "./patient-to.ts";
import { judgeReadiness, type Readiness, type ReadinessFacts, type StudyFacts } from "./readiness.ts";
import { findStanding } from "./standing.store.ts";

const MOST_STUDIES = 20_000;
/** Older than that, the newest study is no current one by itself; a clinic asks for the last, whatever its age. */
const CURRENT_DAYS = { meeting: 183, theatre: 183, clinic: Number.POSITIVE_INFINITY } as const;

export type GatheredStudy = {
  row: Timeline.TimelineRow;
  part: StudyPart;
  /** Somebody decided it; else the gathering did. */
  isByHand: boolean;
  /** Why it stands where it does: the ranking's words. */
  reason: string | undefined;
  isRelevant: boolean;
  isOtherSide: boolean;
};

export type GatheredCase = {
  found: MeetingCase;
  /** Who it is; not for this actor where the record is restricted. */
  identity: PatientIdentity | undefined;
  studies: GatheredStudy[];
  expected: Timeline.Expected[];
  isCut: boolean;
  requirements: RequirementRow[];
  asks: AskRow[];
  outside: OutsideRow[];
  pathology: PathologyRow | undefined;
  pins: number;
  readiness: Readiness;
};

/** What of a meeting says what its cases need. */
type On = Pick<Meeting, "heldOn" | "kind">;
const NOWHERE: On = { heldOn: "", kind: "meeting" };

const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000;

const fits = (line: Pick<TemplateLine, "modalities" | "regions">, row: Timeline.TimelineRow): boolean =>
  (line.modalities.length === 0 || line.modalities.some((one) => row.modalities.includes(one))) &&
  (line.regions.length === 0 || line.regions.some((one) => row.regions.includes(one)));

const isPicture = (row: Timeline.TimelineRow) => row.firstSeriesId !== undefined;

/**
 * What a case is about, where nobody has said: the study by which it was listed, and the newest that each imaging line of it asks
 * for; without such lines the newest of all. Nothing older than half a year.
 */
function currentByItself(
  rows: readonly Timeline.TimelineRow[],
  { found, lines, on: { heldOn, kind } }: { found: MeetingCase; lines: readonly RequirementRow[]; on: On },
): Set<string> {
  const dated = rows
    .filter(
      (row) => isPicture(row) && row.studyDate && daysBetween(row.studyDate, heldOn) <= CURRENT_DAYS[kind],
    )
    .toSorted((a, b) => (b.studyDate ?? "").localeCompare(a.studyDate ?? ""));
  const imaging = lines.filter(({ kind }) => kind === "imaging");
  const wanted =
    imaging.length > 0 ? imaging.map((line) => dated.find((row) => fits(line, row))) : [dated[0]];
  const source =
    found.source === "study" ? rows.find(({ studyId }) => studyId === found.sourceId) : undefined;
  return new Set([source, ...wanted].flatMap((row) => row?.studyId ?? []));
}

function studiesOf(
  rows: readonly Timeline.TimelineRow[],
  decided: ReadonlyMap<string, StudyPart>,
  current: ReadonlySet<string>,
): GatheredStudy[] {
  const partOf = ({ studyId }: Timeline.TimelineRow): StudyPart =>
    decided.get(studyId) ?? (current.has(studyId) ? "current" : "prior");
  const shaped = (row: Timeline.TimelineRow, more: Partial<GatheredStudy> = {}): GatheredStudy => ({
    row,
    part: partOf(row),
    isByHand: decided.has(row.studyId),
    reason: undefined,
    isRelevant: false,
    isOtherSide: false,
    ...more,
  });
  const now = rows.filter((row) => partOf(row) === "current");
  const others = rows.filter((row) => partOf(row) === "prior").map(Timeline.rankableRow);
  const [first] = now;
  const ranked = first
    ? Timeline.rankPriors(Timeline.rankableRow(first), others).map(
        ({ study, reason, isRelevant, isOtherSide }) =>
          shaped(study.row, { reason, isRelevant: isRelevant || decided.has(study.studyId), isOtherSide }),
      )
    : others.map(({ row }) => shaped(row));
  const removed = rows.filter((row) => partOf(row) === "removed").map((row) => shaped(row));
  return [...now.map((row) => shaped(row)), ...ranked, ...removed];
}

/** Whether the record under which images came is surely this patient's (clinical page §3). */
function identityWarningOf(row: Timeline.TimelineRow, records: readonly RecordRow[]): string | undefined {
  const record = records.find(({ custodian }) => custodian === row.custodian)?.identity;
  if (!record) return row.isMasked ? undefined : "whose record it is can't be seen";
  if (record.isTemporary) return "a temporary identity";
  if (record.nameDiffers) return "the name differs on its trust's record";
  return record.nhsNumber ? undefined : "no NHS number on its trust's record";
}

const nameOf = ({ description, modalities, studyDate }: Timeline.TimelineRow) =>
  `${description ?? (modalities.join(", ") || "Study")}${studyDate ? ` of ${studyDate}` : ""}`;

type Known = {
  trusts: ReadonlyMap<string, string>;
  people: ReadonlyMap<string, string>;
  records: readonly RecordRow[];
  gathered: Timeline.GatheredRows;
};

function studyFacts(row: Timeline.TimelineRow, { trusts, records, gathered }: Known): StudyFacts {
  const versions = gathered.versions.get(row.studyId);
  return {
    studyId: row.studyId,
    name: nameOf(row),
    trust: trusts.get(row.custodian) ?? row.custodian,
    studyDate: row.studyDate,
    modalities: row.modalities,
    regions: row.regions,
    completeness: row.completeness,
    sides: row.side.images,
    sideWarning: row.side.warning,
    identityWarning: identityWarningOf(row, records),
    reportState: row.reportState,
    servedVersion: versions?.servedVersion ?? 0,
    report: versions?.report,
  };
}

type Hanging = Pick<GatheredCase, "requirements" | "asks" | "outside" | "pathology"> & {
  pins: { studyId: string }[];
  prepared: { preparerId: string; fixed: NonNullable<ReadinessFacts["prepared"]>["fixed"] } | undefined;
};

function factsOf(
  { found, on }: { found: MeetingCase; on: On },
  studies: readonly GatheredStudy[],
  hanging: Hanging,
  known: Known,
): ReadinessFacts {
  const { people, trusts, gathered } = known;
  const named = (id: string | undefined) => (id ? (people.get(id) ?? id) : undefined);
  const of = (part: StudyPart) => studies.filter((one) => one.part === part);
  return {
    ...{ kind: on.kind, heldOn: on.heldOn },
    operation: { procedure: found.procedure, side: found.side },
    current: of("current").map(({ row }) => studyFacts(row, known)),
    priors: of("prior")
      .filter(({ isRelevant }) => isRelevant)
      .map(({ row }) => studyFacts(row, known)),
    expected: gathered.expected.map((one) => ({ ...one, trust: trusts.get(one.custodian) ?? one.custodian })),
    pins: hanging.pins.map(({ studyId }) => ({
      studyId,
      isThere: gathered.rows.some(
        (row) => row.studyId === studyId || row.copies.some((copy) => copy.studyId === studyId),
      ),
    })),
    question: found.question,
    referrer: found.referrer,
    presenter: named(found.presenterId),
    radiologist: named(found.radiologistId),
    pathology: hanging.pathology && {
      ...hanging.pathology,
      notedAt: hanging.pathology.notedAt.toISOString(),
    },
    requirements: hanging.requirements,
    asks: hanging.asks.map((ask) => ({ ...ask, askedAt: ask.askedAt.toISOString() })),
    outside: hanging.outside,
    prepared: hanging.prepared && {
      by: named(hanging.prepared.preparerId) ?? "",
      fixed: hanging.prepared.fixed,
    },
  };
}

const groupedBy = <T extends { caseId: string }>(rows: readonly T[]): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(row.caseId, [...(groups.get(row.caseId) ?? []), row]);
  return groups;
};

export type Gathered = {
  cases: GatheredCase[];
  people: Map<string, string>;
  trusts: Map<string, string>;
};

async function findHanging(tx: Tx, caseIds: readonly string[]) {
  return {
    decided: groupedBy(await findDecided(tx, caseIds)),
    pins: groupedBy(await findPins(tx, caseIds)),
    requirements: groupedBy(await findRequirements(tx, caseIds)),
    asks: groupedBy(await findAsks(tx, caseIds)),
    outside: groupedBy(await findOutside(tx, caseIds)),
    pathology: groupedBy(await findPathology(tx, caseIds)),
    prepared: groupedBy(await findPrepared(tx, caseIds)),
  };
}

const NOTHING: Timeline.GatheredRows = { rows: [], expected: [], isCut: false, versions: new Map() };

/**
 * Cases with all that the region holds for them and how ready each is, as this actor may know it: a fixed number of statements,
 * however many cases.
 */
export async function gather(
  tx: Tx,
  cases: readonly MeetingCase[],
  meetings: readonly Meeting[],
): Promise<Gathered> {
  const caseIds = cases.map(({ id }) => id);
  const patientIds = [...new Set(cases.map(({ patientId }) => patientId))];
  const hanging = await findHanging(tx, caseIds);
  const rows = await Timeline.rowsOfPatients(tx, patientIds, MOST_STUDIES);
  const records = await findRecordsOfPatients(tx, patientIds);
  const standing = new Map((await findStanding(tx, patientIds)).map((one) => [one.patientId, one]));
  const trusts = new Map((await readOrganisations(tx)).map(({ odsCode, name }) => [odsCode, name]));
  const people = await namesOf(
    tx,
    [
      ...cases.flatMap(({ presenterId, radiologistId, actOf, changedBy }) => [
        presenterId,
        radiologistId,
        actOf,
        changedBy,
      ]),
      ...[...hanging.prepared.values()].flatMap((all) => all.map(({ preparerId }) => preparerId)),
    ].filter((id): id is string => typeof id === "string"),
  );
  const byId = new Map(meetings.map((meeting) => [meeting.id, meeting]));
  const one = (found: MeetingCase): GatheredCase => {
    const own = records.filter(({ patientId }) => patientId === found.patientId);
    const stands = standing.get(found.patientId);
    const isKnown = patientTo(tx, found, stands) === "open";
    const gathered = isKnown ? (rows.get(found.patientId) ?? NOTHING) : NOTHING;
    const requirements = hanging.requirements.get(found.id) ?? [];
    const decided = new Map(
      (hanging.decided.get(found.id) ?? []).map(({ studyId, part }) => [studyId, part]),
    );
    const on = byId.get(found.meetingId) ?? NOWHERE;
    const current = currentByItself(gathered.rows, { found, lines: requirements, on });
    const studies = studiesOf(gathered.rows, decided, current);
    const pathology = hanging.pathology.get(found.id)?.[0];
    const hung: Hanging = {
      requirements,
      asks: hanging.asks.get(found.id) ?? [],
      outside: hanging.outside.get(found.id) ?? [],
      pathology,
      pins: hanging.pins.get(found.id) ?? [],
      prepared: hanging.prepared.get(found.id)?.at(-1),
    };
    const facts = factsOf({ found, on }, studies, hung, { trusts, people, records: own, gathered });
    const record = own.find(({ id }) => id === found.patientRecordId) ?? own[0];
    return {
      found,
      identity: isKnown ? record?.identity : undefined,
      studies,
      expected: gathered.expected,
      isCut: gathered.isCut,
      requirements,
      asks: hung.asks,
      outside: hung.outside,
      pathology,
      pins: hung.pins.length,
      readiness: judgeReadiness(facts),
    };
  };
  return { cases: cases.map(one), people, trusts };
}
