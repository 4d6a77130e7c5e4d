import type { DicomJson, DicomJsonAttribute } from "@weald/dicom";
import { Conflict, Invalid, type Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import type { Facts } from "./correcting-facts.ts";
import { referencesOf } from "./correcting-facts.ts";
import type { Before } from "./correction.store.ts";
import type { Asked, Says } from "./correction.ts";
import { amendOverlays, amendThrough } from "./served-attributes.ts";

type Of<K extends Asked["kind"]> = Extract<Asked, { kind: K }>;

const one = (vr: string, value: string | null | undefined): DicomJsonAttribute => ({
  vr,
  ...(value ? { Value: [value] } : {}),
});
const distinct = (values: readonly string[]) => [...new Set(values)];

async function reject(tx: Tx, asked: Of<"reject">, references: readonly Study.Reference[]): Promise<Before> {
  const { studyId, level } = asked;
  const ids = level === "study" ? [studyId] : asked.ids;
  await Study.setRejected(tx, { studyId, level, ids }, tx.now);
  return {
    rejected: { level, ids },
    studyIds: [studyId],
    seriesIds: level === "study" ? [] : distinct(references.map(({ seriesId }) => seriesId)),
  };
}

const accessionOf = (accession: Of<"move">["accession"]): DicomJson =>
  accession
    ? {
        "00080050": one("SH", accession.accessionNumber),
        "00080051": {
          vr: "SQ",
          ...(accession.issuer ? { Value: [{ "00400031": one("UT", accession.issuer) }] } : {}),
        },
      }
    : {};

const noGoal = () => new Invalid("NO_PATIENT", "Say whose the images are.");

/**
 * What can't be meant is said at once, not when the second person confirms it.
 *
 * @throws {Invalid} `SAME_PATIENT`, `SAME_STUDY`, `NOT_AT_THIS_LEVEL`
 */
export function mustMakeSense(asked: Asked, { study, record, to, into }: Facts): void {
  if (asked.kind === "move" && to?.id === record.id)
    throw new Invalid("SAME_PATIENT", "The study is this patient's already. Choose another.");
  if (asked.kind === "split" && into?.id === study.id)
    throw new Invalid("SAME_STUDY", "They are in that study already. Choose another.");
  if (asked.kind === "correct") attributesSaid(asked);
}

/** The whole study is another patient's: who they are at every level, and no claim on the first one's order. */
async function move(tx: Tx, asked: Of<"move">, { study, to }: Facts): Promise<Before> {
  if (!to) throw noGoal();
  const change = {
    ...Study.attributesFor(to.identity, study.studyInstanceUid),
    ...accessionOf(asked.accession),
  };
  const overlays = await amendThrough(tx, study, change, asked.reason);
  await Study.assignStudy(tx, study.id, { patientRecordId: to.id, patientId: to.patientId });
  return {
    owner: { patientRecordId: study.patientRecordId, patientId: study.patientId },
    overlays,
    studyIds: [study.id],
    seriesIds: [],
  };
}

/** A study for what is taken out: under a UID of our own, the same for all that goes from one study to one patient. */
async function makeStudy(tx: Tx, { study, to, custodian }: Facts, reason: string) {
  if (!to) throw noGoal();
  const studyInstanceUid = Study.derivedUid(to.id, study.studyInstanceUid);
  const known = await Study.findStudyByUid(tx, custodian, studyInstanceUid);
  if (known && (known.patientRecordId !== to.id || known.rejectedAt || known.withheldAt))
    throw new Conflict(
      "STUDY_MOVED_ON",
      "What was split off before belongs to somebody else now. Choose that study.",
    );
  if (known) return { id: known.id, studyInstanceUid };
  const made = await Study.createStudy(tx, {
    custodian,
    storageId: Study.storageIdOf(await Study.findStorage(tx, study.id), custodian, studyInstanceUid),
    isOutside: study.isOutside,
    sourceName: study.sourceName,
    patientRecordId: to.id,
    patientId: to.patientId,
    study: {
      studyInstanceUid,
      studiedAt: study.studiedAt,
      studyDate: study.studyDate,
      description: study.description,
      accessionNumber: undefined,
      accessionIssuer: undefined,
      referrer: undefined,
      site: study.site,
    },
  });
  await Study.amendOverlay(
    tx,
    { custodian, level: "study", targetId: made.id, studyId: made.id, reason },
    Study.attributesFor(to.identity, studyInstanceUid),
  );
  return { id: made.id, studyInstanceUid };
}

/** What every image of a study must say alike. */
const ofStudy = (into: Facts["into"]): DicomJson =>
  into
    ? {
        "00080050": one("SH", into.accessionNumber),
        "00080020": one("DA", into.studyDate?.replaceAll("-", "")),
        "00081030": one("LO", into.description),
        "00200010": one("SH", undefined),
      }
    : {};

type Goal = { id: string; studyInstanceUid: string };

/** Each series from which instances go has its counterpart in the other study, made with the first of them. */
async function counterpart(tx: Tx, facts: Facts, goal: Goal, seriesId: string) {
  const says = await Study.readSeriesRow(tx, seriesId);
  const seriesInstanceUid = Study.derivedUid(goal.id, says.seriesInstanceUid);
  const series = await Study.findOrCreateSeries(tx, facts.custodian, goal.id, {
    ...says,
    seriesInstanceUid,
    expectedCount: undefined,
    expectedSource: undefined,
  });
  return { id: series.id, seriesInstanceUid };
}

async function split(
  tx: Tx,
  asked: Of<"split">,
  facts: Facts,
  references: readonly Study.Reference[],
): Promise<Before> {
  const { study, to, custodian, into } = facts;
  if (!to) throw noGoal();
  if (references.length === (await Study.countServed(tx, study.id)))
    throw new Invalid("WHOLE_STUDY", "That is all of the study. Move the study itself to its patient.");
  const goal = into ?? (await makeStudy(tx, facts, asked.reason));
  const attributes = { ...Study.attributesFor(to.identity, goal.studyInstanceUid), ...ofStudy(into) };
  const sources = distinct(references.map(({ seriesId }) => seriesId));
  const base = { custodian, studyId: goal.id, reason: asked.reason };
  const touched = { studyIds: [study.id, goal.id] };

  if (asked.level === "series") {
    await Study.moveSeriesTo(tx, sources, goal.id);
    const targets = sources.map((targetId) => ({ ...base, level: "series" as const, targetId }));
    return {
      ...touched,
      series: sources.map((id) => ({ id, studyId: study.id })),
      overlays: await amendOverlays(tx, targets, attributes),
      seriesIds: sources,
    };
  }
  const made: string[] = [];
  await Study.unfoldSeries(tx, sources);
  for (const seriesId of sources) {
    const series = await counterpart(tx, facts, goal, seriesId);
    const moved = references
      .filter((referred) => referred.seriesId === seriesId)
      .map(({ instanceId }) => instanceId);
    await Study.moveInstancesTo(tx, moved, series.id);
    await Study.amendOverlay(
      tx,
      { ...base, level: "series", targetId: series.id },
      { ...attributes, "0020000E": one("UI", series.seriesInstanceUid) },
    );
    made.push(series.id);
  }
  await Study.settleAtOnce(tx, made);
  return {
    ...touched,
    instances: references.map(({ instanceId, seriesId }) => ({ id: instanceId, seriesId })),
    seriesIds: [...sources, ...made],
  };
}

/** The side in both attributes that name it, so that the two can't disagree. @see DICOM PS3.3 §10.15, §C.7.3.1 */
function sideAttributes(side: NonNullable<Says["laterality"]> | null): DicomJson {
  const isOneSide = side === "L" || side === "R";
  return { "00200062": one("CS", side), "00200060": one("CS", isOneSide ? side : undefined) };
}

/** What is to be served, by level. What this level doesn't have is refused, not left out. */
export function attributesSaid({ level, says }: Pick<Of<"correct">, "level" | "says">): DicomJson {
  const isStudy = level === "study";
  const ofImages =
    says.bodyPart !== undefined || says.laterality !== undefined || says.burnedIn !== undefined;
  const ofStudies = says.studyDate !== undefined || says.accessionNumber !== undefined;
  if (
    (isStudy && ofImages) ||
    (!isStudy && ofStudies) ||
    (level === "instance" && says.description !== undefined)
  )
    throw new Invalid("NOT_AT_THIS_LEVEL", "That can't be corrected at this level.");
  return {
    ...(says.description === undefined
      ? {}
      : { [isStudy ? "00081030" : "0008103E"]: one("LO", says.description) }),
    ...(says.bodyPart === undefined ? {} : { "00180015": one("CS", says.bodyPart) }),
    ...(says.laterality === undefined ? {} : sideAttributes(says.laterality)),
    ...(says.burnedIn === undefined ? {} : { "00280301": one("CS", says.burnedIn) }),
    ...(says.studyDate === undefined ? {} : { "00080020": one("DA", says.studyDate.replaceAll("-", "")) }),
    ...(says.accessionNumber === undefined ? {} : { "00080050": one("SH", says.accessionNumber) }),
  };
}

async function correct(tx: Tx, asked: Of<"correct">, { study, custodian }: Facts): Promise<Before> {
  const change = attributesSaid(asked);
  const { level, reason } = asked;
  const touched = { studyIds: [study.id], seriesIds: [] };
  if (level === "study") return { ...touched, overlays: await amendThrough(tx, study, change, reason) };
  const targets = asked.ids.map((targetId) => ({ custodian, level, targetId, studyId: study.id, reason }));
  return { ...touched, overlays: await amendOverlays(tx, targets, change) };
}

function change(tx: Tx, asked: Asked, facts: Facts, references: readonly Study.Reference[]): Promise<Before> {
  switch (asked.kind) {
    case "reject":
      return reject(tx, asked, references);
    case "move":
      return move(tx, asked, facts);
    case "split":
      return split(tx, asked, facts, references);
    case "correct":
      return correct(tx, asked, facts);
  }
}

/** Counts, digests and lists after what was taken out, put back or moved. */
async function recount(tx: Tx, before: Before): Promise<void> {
  if (before.seriesIds.length > 0) await Study.recountSeries(tx, before.seriesIds);
  await Study.refreshStudies(tx, before.studyIds);
}

/**
 * Does what was asked, and says what stood before.
 *
 * @throws {Invalid} `SAME_PATIENT`, `SAME_STUDY`, `WHOLE_STUDY`, `NOT_AT_THIS_LEVEL`
 * @throws {Conflict} `NOTHING_SERVED`, `STUDY_MOVED_ON`
 */
export async function apply(tx: Tx, asked: Asked, facts: Facts): Promise<Before> {
  const before = await change(tx, asked, facts, await referencesOf(tx, asked));
  await recount(tx, before);
  return before;
}

/** Puts back what stood before, the last change first. */
export async function revert(
  tx: Tx,
  before: Before,
  { custodian, reason }: { custodian: string; reason: string },
) {
  const [studyId = ""] = before.studyIds;
  if (before.rejected) await Study.setRejected(tx, { studyId, ...before.rejected }, null);
  if (before.owner) await Study.assignStudy(tx, studyId, before.owner);
  for (const { id, studyId: cameFrom } of before.series ?? []) await Study.moveSeriesTo(tx, [id], cameFrom);
  for (const [seriesId, ids] of bySeries(before.instances ?? []))
    await Study.moveInstancesTo(tx, ids, seriesId);
  const backIn = new Set((before.series ?? []).map(({ id }) => id));
  for (const { level, targetId, studyId: wasIn, change: back } of [...(before.overlays ?? [])].reverse())
    await Study.amendOverlay(
      tx,
      { custodian, level, targetId, studyId: backIn.has(targetId) ? studyId : wasIn, reason },
      back,
    );
  await recount(tx, before);
}

function bySeries(instances: readonly { id: string; seriesId: string }[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { id, seriesId } of instances) groups.set(seriesId, [...(groups.get(seriesId) ?? []), id]);
  return groups;
}
