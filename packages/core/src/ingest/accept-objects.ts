import pMap from "p-map";
import { z } from "zod";
import {
  type AuditSubject,
  type Ctx,
  defineBatchAction,
  type PartResult,
  type Tx,
  WealdError,
} from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { findHeldStudy, type IndexOutcome, indexSeries } from "../study/index.ts";
import { clearFromInbox } from "./clear-from-inbox.ts";
import { isConflict } from "./conflict.ts";
import { identityKeyOf } from "./identity-key.ts";
import {
  findOfUpload,
  type ItemRow,
  type Outcome,
  type Settlement,
  settleItem,
  settleItems,
  type UploadRow,
} from "./inbox.store.ts";
import { systemOnly } from "./ingest.policy.ts";
import { type QuarantineCode, SENTENCES } from "./ingest-errors.ts";
import { NOT_SERVED } from "./not-served.ts";
import { isConfirmed } from "./outside.store.ts";
import { type Arrived, type PreparedObject, prepareObjects, type RefusedObject } from "./prepare-objects.ts";
import { quarantine } from "./quarantine.store.ts";

/** Objects and transactions side by side: each waits for the disk or the database most of its time. */
const AT_ONCE = 4;

/** One transaction each: the objects of one series and one upload, or one refused object. */
type Part =
  | { kind: "series"; objects: PreparedObject[] }
  | { kind: "refused"; refused: RefusedObject }
  | { kind: "gone"; arrived: Arrived }
  | { kind: "failed"; key: string };

type ItemOutcome = { arrived: Arrived; outcome: Outcome; code?: string; message?: string };
type Done = { outcomes: ItemOutcome[]; subject: AuditSubject | undefined };

const arrivedOf = (part: Part): Arrived[] => {
  if (part.kind === "series") return part.objects.map(({ arrived }) => arrived);
  if (part.kind === "refused") return [part.refused.arrived];
  return part.kind === "gone" ? [part.arrived] : [];
};

function group(objects: readonly PreparedObject[]): Part[] {
  const groups = new Map<string, PreparedObject[]>();
  for (const object of objects) {
    const key = [
      object.arrived.custodian,
      object.arrived.uploadId,
      object.study.studyInstanceUid,
      object.series.seriesInstanceUid,
      // Whole, not the number alone: two people under one number in a batch are judged one after the other.
      identityKeyOf(object.identity),
    ].join("|");
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  // Sorted, so that two batches take their locks in the same order.
  return [...groups.entries()]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([, group]) => ({ kind: "series", objects: group }));
}

async function putAside(
  tx: Tx,
  object: PreparedObject,
  code: QuarantineCode,
  differs: string[] = [],
): Promise<ItemOutcome> {
  const { arrived, identity, instance, study, series } = object;
  await quarantine(tx, {
    itemId: arrived.itemId,
    custodian: arrived.custodian,
    kind: "dicom",
    sizeBytes: instance.sizeBytes,
    sha256: instance.sha256Received,
    code,
    sentence: SENTENCES[code],
    identity: {
      name: [identity.family, identity.given].filter(Boolean).join(", "),
      localNumber: identity.localNumber,
      ...(identity.birthDate ? { birthDate: identity.birthDate } : {}),
      ...(identity.sex ? { sex: identity.sex } : {}),
      ...(identity.nhsNumber ? { nhsNumber: identity.nhsNumber } : {}),
      ...(identity.issuer ? { issuer: identity.issuer } : {}),
      studyInstanceUid: study.studyInstanceUid,
      seriesInstanceUid: series.seriesInstanceUid,
      sopInstanceUid: instance.sopInstanceUid,
      modality: series.modality,
      ...(differs.length > 0 ? { differs } : {}),
    },
    identityKey: identityKeyOf(identity),
    ...(isConflict(code) ? { came: instance } : {}),
  });
  return { arrived, outcome: "quarantined", code, message: SENTENCES[code] };
}

type Settling = ItemOutcome & { settlement: Settlement };

function settlingOf(
  { arrived, instance }: PreparedObject,
  indexed: Exclude<IndexOutcome, { outcome: "conflict" }>,
): Settling {
  const { outcome, instanceId, studyId } = indexed;
  const notServed = "notServed" in indexed ? indexed.notServed : undefined;
  const said = notServed ? { code: notServed, message: NOT_SERVED[notServed] } : {};
  const sha256 = instance.sha256Received;
  const settlement = { itemId: arrived.itemId, outcome, sha256, studyId, instanceId, ...said };
  return { arrived, outcome, ...said, settlement };
}

async function settleAll(tx: Tx, pairs: [PreparedObject, IndexOutcome][]): Promise<ItemOutcome[]> {
  const outcomes: ItemOutcome[] = [];
  const settling: Settling[] = [];
  for (const [object, indexed] of pairs) {
    if (indexed.outcome === "conflict")
      outcomes.push(await putAside(tx, object, indexed.code, indexed.differs));
    else settling.push(settlingOf(object, indexed));
  }
  await settleItems(
    tx,
    settling.map(({ settlement }) => settlement),
  );
  return [...outcomes, ...settling.map(({ settlement: _settlement, ...outcome }) => outcome)];
}

/** What a reader makes of a study: structured reports, and key objects. @see DICOM PS3.4 §B.5 */
const MADE_OF_A_STUDY = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.88\.(22|33|34|59)$/;

/** The patient of the study of which a reader made it, if it is of that study and says so itself. */
async function recordOfStudy(
  tx: Tx,
  studyId: string,
  { identity, instance, study }: PreparedObject,
): Promise<Resolved | QuarantineCode> {
  const of = await findHeldStudy(tx, studyId);
  const [record] = of ? await Patient.findRecordsByIds(tx, [of.patientRecordId]) : [];
  const isOfIt =
    of?.studyInstanceUid === study.studyInstanceUid && MADE_OF_A_STUDY.test(instance.sopClassUid);
  if (!record || !isOfIt || !Patient.isChosenPerson(record.facts, Patient.matchFactsOf(identity)))
    return "NOT_OF_THIS_STUDY";
  return { record };
}

type Resolved = Exclude<Patient.Resolved, { reused: true }>;

/** The chosen patient of an outside disc, or the record that the object itself speaks of. */
async function recordFor(
  tx: Tx,
  upload: UploadRow,
  object: PreparedObject,
): Promise<Resolved | QuarantineCode> {
  if (upload.forStudyId) return recordOfStudy(tx, upload.forStudyId, object);
  if (!upload.patientRecordId) {
    const resolved = await Patient.resolveRecord(tx, object.arrived.custodian, object.identity);
    return "reused" in resolved ? "LOCAL_NUMBER_REUSED" : resolved;
  }
  const [chosen] = await Patient.findRecordsByIds(tx, [upload.patientRecordId]);
  if (!chosen) return "OUTSIDE_IDENTITY_DIFFERS";
  if (Patient.isChosenPerson(chosen.facts, Patient.matchFactsOf(object.identity))) return { record: chosen };
  const isTheirs = await isConfirmed(tx, upload.id, identityKeyOf(object.identity));
  return isTheirs ? { record: chosen } : "OUTSIDE_IDENTITY_DIFFERS";
}

function subjectOf(record: Patient.RecordRow, outcomes: readonly IndexOutcome[]): AuditSubject {
  const count = (outcome: IndexOutcome["outcome"]) =>
    outcomes.filter((one) => one.outcome === outcome).length;
  const known = outcomes.find((one) => one.outcome !== "conflict");
  return {
    custodian: record.custodian,
    patientId: record.patientId,
    ...(known ? { studyId: known.studyId } : {}),
    detail: {
      accepted: count("accepted"),
      duplicate: count("duplicate"),
      alternate: count("alternate"),
      conflict: count("conflict"),
    },
  };
}

/** The same UID may be twice in a batch, with the same bytes or others: outcomes are in order for each of them. */
function pair(
  objects: readonly PreparedObject[],
  outcomes: readonly IndexOutcome[],
): [PreparedObject, IndexOutcome][] {
  const waiting = [...outcomes];
  return objects.flatMap((object): [PreparedObject, IndexOutcome][] => {
    const { sopInstanceUid, sha256Received } = object.instance;
    const at = waiting.findIndex(
      (one) => one.sopInstanceUid === sopInstanceUid && one.sha256Received === sha256Received,
    );
    const [outcome] = at < 0 ? [] : waiting.splice(at, 1);
    return outcome ? [[object, outcome]] : [];
  });
}

async function acceptSeries(tx: Tx, objects: readonly PreparedObject[], upload: UploadRow): Promise<Done> {
  const [first] = objects;
  if (!first) return { outcomes: [], subject: undefined };
  const resolved = await recordFor(tx, upload, first);
  if (typeof resolved === "string") {
    const outcomes: ItemOutcome[] = [];
    for (const object of objects) outcomes.push(await putAside(tx, object, resolved));
    return {
      outcomes,
      subject: { custodian: first.arrived.custodian, detail: { [resolved]: objects.length } },
    };
  }
  const { record, named } = resolved;
  const indexed = await indexSeries(tx, {
    custodian: first.arrived.custodian,
    storageId: first.storageId,
    isOutside: upload.patientRecordId !== null,
    sourceName: upload.sourceName ?? undefined,
    patientRecordId: record.id,
    patientId: record.patientId,
    ...(named ? { servedAs: { identity: record.identity, namedRecordId: named.id } } : {}),
    study: first.study,
    series: first.series,
    instances: objects.map(({ instance }) => instance),
  });
  return {
    outcomes: await settleAll(tx, pair(objects, indexed)),
    subject: subjectOf(record, indexed),
  };
}

async function acceptRefused(tx: Tx, refused: RefusedObject): Promise<Done> {
  const { arrived, outcome, code, sentence, sizeBytes, sha256, identity } = refused;
  const { itemId, custodian, kind } = arrived;
  if (outcome === "skipped") await settleItem(tx, { itemId, outcome, code, message: sentence });
  else await quarantine(tx, { itemId, custodian, kind, sizeBytes, sha256, code, sentence, identity });
  return {
    outcomes: [{ arrived, outcome, code, message: sentence }],
    subject: { custodian, detail: { [code]: 1 } },
  };
}

const isOutcome = (text: string | null): text is Outcome => text !== null;

/** A second delivery of what is settled repeats only what comes after the commit. */
function alreadySettled(part: Part, items: readonly ItemRow[]): ItemOutcome[] {
  const itemOf = new Map(items.map((item) => [item.id, item]));
  return arrivedOf(part).flatMap((arrived): ItemOutcome[] => {
    const { outcome = null, code, message } = itemOf.get(arrived.itemId) ?? {};
    if (!isOutcome(outcome)) return [];
    return [{ arrived, outcome, ...(code ? { code } : {}), ...(message ? { message } : {}) }];
  });
}

async function acceptPart(tx: Tx, part: Part): Promise<Done> {
  const arrived = arrivedOf(part);
  const { items, upload } = await findOfUpload(
    tx,
    arrived.map(({ itemId }) => itemId),
  );
  const settled = alreadySettled(part, items);
  const isDone = new Set(settled.map((one) => one.arrived.itemId));
  if (part.kind === "gone" || part.kind === "failed" || isDone.size === arrived.length)
    return { outcomes: settled, subject: undefined };
  if (part.kind === "refused") return acceptRefused(tx, part.refused);
  if (!upload) throw new Error("an object without its upload");
  const left = part.objects.filter((object) => !isDone.has(object.arrived.itemId));
  const done = await acceptSeries(tx, left, upload);
  return { outcomes: [...settled, ...done.outcomes], subject: done.subject };
}

/** `failedKeys` must come again. `outcomes`: what became of the others, as their sender may hear it. */
type Accepted = {
  failedKeys: string[];
  outcomes: { itemId: string; outcome: Outcome; code?: string; message?: string }[];
};

async function finish(ctx: Ctx, results: readonly PartResult<Part, Done>[]): Promise<Accepted> {
  const failed: string[] = [];
  const settled: ItemOutcome[] = [];
  for (const result of results) {
    if (result.part.kind === "failed") failed.push(result.part.key);
    if ("error" in result) {
      failed.push(...arrivedOf(result.part).map(({ key }) => key));
      const code = result.error instanceof WealdError ? result.error.code : "INTERNAL";
      ctx.service.log({
        level: "error",
        event: "ingest.part-failed",
        code,
        // A message may quote what was sent; its kind doesn't.
        why: result.error instanceof Error ? result.error.name : "",
      });
      continue;
    }
    settled.push(...result.done.outcomes);
  }
  await pMap(settled, ({ arrived, outcome }) => clearFromInbox(ctx, arrived, outcome), {
    concurrency: AT_ONCE,
  });
  const outcomes = settled.map(({ arrived: { itemId }, ...outcome }) => ({ itemId, ...outcome }));
  return { failedKeys: failed, outcomes };
}

/**
 * Takes in what arrived in the inbox: checks, identity, duplicate or conflict, inbox → archive, rows. Idempotent, in any
 * order, and safe to be killed anywhere: an object leaves the inbox only after its outcome is committed.
 *
 * @returns The keys that must come again, and what became of the others.
 */
export const acceptObjects = defineBatchAction({
  name: "ingest.accept-objects",
  input: z.object({ keys: z.array(z.string()).min(1).max(100) }),
  policy: systemOnly,
  concurrency: AT_ONCE,
  async prepare(ctx, { keys }): Promise<Part[]> {
    const { prepared, failed } = await prepareObjects(ctx, keys);
    return [
      ...group(prepared.flatMap((one) => (one.kind === "object" ? [one.object] : []))),
      ...prepared.flatMap((one): Part[] => (one.kind === "object" ? [] : [one])),
      ...failed.map((key): Part => ({ kind: "failed", key })),
    ];
  },
  load: async () => null,
  run: (tx, _input, _facts, part): Promise<Done> => acceptPart(tx, part),
  after: (ctx, results) => finish(ctx, results),
  audit: { how: "each", verb: "received", subjects: (_input, done) => done?.subject ?? [] },
});
