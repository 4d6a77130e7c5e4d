import type { Tx } from "../kernel/index.ts";
import { identityAttributes } from "./derived-identity.ts";
import { judgeCopy } from "./judge-copy.ts";
import { writeOverlay } from "./overlay.store.ts";
import {
  createStudy,
  findHeldUnderAnother,
  findKnownCopies,
  findOrCreateSeries,
  findSeriesHome,
  findStanding,
  insertAlternate,
  insertInstances,
  type KnownCopy,
  lockStudy,
  noteArrival,
  type SeriesRow,
  type Standing,
  type StudyRow,
} from "./study.store.ts";
import type { ConflictCode, IncomingInstance, IncomingSeries, IndexOutcome, NotServed } from "./study.ts";

const factsOf = (incoming: IncomingSeries, instance: IncomingInstance) => ({
  sha256Received: instance.sha256Received,
  pixelSha256: instance.pixelSha256,
  transferSyntaxUid: instance.transferSyntaxUid,
  seriesInstanceUid: incoming.series.seriesInstanceUid,
  studyInstanceUid: incoming.study.studyInstanceUid,
  header: instance.header,
});

const judgedOf = ({ sopInstanceUid, sha256Received }: IncomingInstance) => ({
  sopInstanceUid,
  sha256Received,
});

const duplicateOf = (instance: IncomingInstance, known: KnownCopy): IndexOutcome => ({
  ...judgedOf(instance),
  outcome: "duplicate",
  instanceId: known.instanceId,
  studyId: known.studyId,
  ...(known.isRejected ? { notServed: "REJECTED" } : {}),
});

async function settleKnown(
  tx: Tx,
  incoming: IncomingSeries,
  instance: IncomingInstance,
  known: KnownCopy,
): Promise<IndexOutcome> {
  const { instanceId, seriesId, studyId } = known;
  if (known.alternates.includes(instance.sha256Received)) return duplicateOf(instance, known);
  const judged = judgeCopy(known.facts, factsOf(incoming, instance));
  if (judged.kind === "duplicate") return duplicateOf(instance, known);
  if (judged.kind === "conflict")
    return { ...judgedOf(instance), outcome: "conflict", code: "UID_CONFLICT", differs: judged.differs };
  await insertAlternate(
    tx,
    { instanceId, seriesId, custodian: incoming.custodian },
    instance,
    judged.differs,
  );
  known.alternates.push(instance.sha256Received);
  return { ...judgedOf(instance), outcome: "alternate", instanceId, studyId, differs: judged.differs };
}

/** The same UID twice in one batch: the first is new, the others are judged against it. */
function split(instances: readonly IncomingInstance[], known: ReadonlyMap<string, KnownCopy>) {
  const fresh = new Map<string, IncomingInstance>();
  const again: IncomingInstance[] = [];
  for (const instance of instances) {
    if (known.has(instance.sopInstanceUid) || fresh.has(instance.sopInstanceUid)) again.push(instance);
    else fresh.set(instance.sopInstanceUid, instance);
  }
  return { fresh: [...fresh.values()], again };
}

const refuse = (instances: readonly IncomingInstance[], code: ConflictCode): IndexOutcome[] =>
  instances.map((instance) => ({ ...judgedOf(instance), outcome: "conflict", code, differs: [] }));

type Place = { study: StudyRow | undefined };

/**
 * Where the images of this series belong now: a study or series that was moved takes along what still comes under its first
 * identity. Another patient under a known Study UID, another study under a known Series UID: nothing of it is taken in.
 */
async function placeFor(
  tx: Tx,
  incoming: IncomingSeries,
  { study, series: known }: Standing,
): Promise<Place | ConflictCode> {
  const { custodian, patientRecordId, study: came, series } = incoming;
  const isElsewhere = known !== undefined && known.studyId !== study?.id;
  const home = isElsewhere ? await findSeriesHome(tx, custodian, series.seriesInstanceUid) : undefined;
  if (home && home.study.studyInstanceUid !== came.studyInstanceUid) {
    const { cameIn } = home;
    if (cameIn?.studyInstanceUid !== came.studyInstanceUid) return "SERIES_MISMATCH";
    const first = [cameIn.patientRecordId, cameIn.originalRecordId, home.study.patientRecordId];
    return first.includes(patientRecordId) ? { study: home.study } : "PATIENT_MISMATCH";
  }
  if (!study) return { study };
  const records = [study.patientRecordId, study.originalRecordId];
  // Two numbers of one trust that a message merged are one patient.
  const isTheirs = records.includes(patientRecordId) || study.patientId === incoming.patientId;
  return isTheirs ? { study } : "PATIENT_MISMATCH";
}

const notServedIn = (study: StudyRow, series: SeriesRow): NotServed | undefined => {
  if (study.rejectedAt ?? series.rejectedAt) return "STUDY_REJECTED";
  return study.withheldAt ? "STUDY_WITHHELD" : undefined;
};

/** The source's word, cut to what Issuer of Patient ID (0010,0021) holds: LO, 64 characters. */
const issuerOf = (sourceName: string) => ({ "00100021": { vr: "LO", Value: [sourceName.slice(0, 64)] } });

/** An outside study's Patient ID is its source's, never a local number of the trust: it is served with its issuer. */
async function makeStudy(tx: Tx, incoming: IncomingSeries): Promise<StudyRow> {
  const study = await createStudy(tx, incoming);
  if (incoming.servedAs)
    await writeOverlay(tx, {
      custodian: incoming.custodian,
      level: "study",
      targetId: study.id,
      studyId: study.id,
      attributes: identityAttributes(incoming.servedAs.identity),
      reason: "the number that the images name was merged into this one",
    });
  else if (incoming.sourceName)
    await writeOverlay(tx, {
      custodian: incoming.custodian,
      level: "study",
      targetId: study.id,
      studyId: study.id,
      attributes: issuerOf(incoming.sourceName),
      reason: "outside images: the number's issuer is their source",
    });
  return study;
}

/** Takes in what this custodian did not know. The study and the series come into being with their first instance. */
export async function indexFresh(
  tx: Tx,
  incoming: IncomingSeries,
  fresh: readonly IncomingInstance[],
  known: { study: StudyRow | undefined; series?: SeriesRow | undefined },
): Promise<{
  study: StudyRow;
  seriesId: string;
  ids: Map<string, string>;
  notServed: NotServed | undefined;
}> {
  const study = known.study ?? (await makeStudy(tx, incoming));
  const series =
    known.series ?? (await findOrCreateSeries(tx, incoming.custodian, study.id, incoming.series));
  const ids = await insertInstances(tx, { id: series.id, custodian: incoming.custodian }, fresh);
  await noteArrival(tx, { series, study, sopInstanceUids: [...ids.keys()] }, incoming.series);
  await tx.enqueue("study.indexed", { studyId: study.id });
  return { study, seriesId: series.id, ids, notServed: notServedIn(study, series) };
}

async function settleAgain(
  tx: Tx,
  incoming: IncomingSeries,
  again: readonly IncomingInstance[],
  known: ReadonlyMap<string, KnownCopy>,
): Promise<IndexOutcome[]> {
  const outcomes: IndexOutcome[] = [];
  for (const instance of again) {
    const copy = known.get(instance.sopInstanceUid);
    if (copy) outcomes.push(await settleKnown(tx, incoming, instance, copy));
  }
  return outcomes;
}

async function takeIn(
  tx: Tx,
  incoming: IncomingSeries,
  place: Place & Pick<Standing, "series">,
  instances: readonly IncomingInstance[],
  known: Map<string, KnownCopy>,
): Promise<IndexOutcome[]> {
  const { fresh, again } = split(instances, known);
  if (fresh.length === 0) return settleAgain(tx, incoming, again, known);
  const made = await indexFresh(tx, incoming, fresh, place);
  const accepted = fresh.map((instance): IndexOutcome & { outcome: "accepted" } => ({
    ...judgedOf(instance),
    outcome: "accepted",
    instanceId: made.ids.get(instance.sopInstanceUid) ?? "",
    studyId: made.study.id,
    ...(made.notServed ? { notServed: made.notServed } : {}),
  }));
  for (const [index, instance] of fresh.entries()) {
    const { instanceId = "", studyId = "" } = accepted[index] ?? {};
    const facts = factsOf(incoming, instance);
    const isRejected = made.notServed === "STUDY_REJECTED";
    const { seriesId } = made;
    known.set(instance.sopInstanceUid, { instanceId, seriesId, studyId, alternates: [], facts, isRejected });
  }
  return [...accepted, ...(await settleAgain(tx, incoming, again, known))];
}

/**
 * Indexes the instances of one series, in one transaction, an outcome an instance. Repeating it changes nothing.
 * Nothing that is known is overwritten; what disagrees comes back as a conflict for the quarantine. The same bytes again are
 * a duplicate wherever a correction has put them since.
 */
export async function indexSeries(tx: Tx, incoming: IncomingSeries): Promise<IndexOutcome[]> {
  const { custodian, instances } = incoming;
  await lockStudy(tx, custodian, incoming.study.studyInstanceUid);
  const uids = instances.map(({ sopInstanceUid }) => sopInstanceUid);
  const { studyInstanceUid } = incoming.study;
  const { seriesInstanceUid } = incoming.series;
  const standing = await findStanding(tx, custodian, {
    studyInstanceUid,
    seriesInstanceUid,
    sopInstanceUids: uids,
  });
  const [elsewhere, known] = standing.knowsSome
    ? [await findHeldUnderAnother(tx, custodian, uids), await findKnownCopies(tx, custodian, uids)]
    : [new Map<string, { instanceId: string; studyId: string }>(), new Map<string, KnownCopy>()];
  const held = instances.flatMap((instance): IndexOutcome[] => {
    const place = elsewhere.get(instance.sha256Received);
    if (place) return [{ ...judgedOf(instance), outcome: "duplicate", ...place }];
    const copy = known.get(instance.sopInstanceUid);
    return copy?.facts.sha256Received === instance.sha256Received ? [duplicateOf(instance, copy)] : [];
  });
  const isHeld = new Set(held.map(({ sha256Received }) => sha256Received));
  const rest = instances.filter(({ sha256Received }) => !isHeld.has(sha256Received));
  const place = await placeFor(tx, incoming, standing);
  if (typeof place === "string") return [...held, ...refuse(rest, place)];
  const { series } = standing;
  return [...held, ...(await takeIn(tx, incoming, { ...place, series }, rest, known))];
}
