import { Conflict, type Tx } from "../kernel/index.ts";
import type { RecordRow } from "../patient/index.ts";
import { attributesFor, derivedUidsOf } from "./derived-identity.ts";
import { indexFresh } from "./index-series.ts";
import { writeOverlay } from "./overlay.store.ts";
import { storageIdOf } from "./storage-id.ts";
import { findHeldUnderAnother, findStudyByUid, lockStudy } from "./study.store.ts";
import type { IncomingInstance, SeriesAttributes, StudyAttributes } from "./study.ts";

export type Derived = {
  record: RecordRow;
  study: StudyAttributes;
  series: SeriesAttributes;
  instance: IncomingInstance;
  reason: string;
};

/** The first part of the object's key: unguessable already, so what is derived from it is too. */
const folderOf = (instance: IncomingInstance) => instance.objectKey.split("/")[0] ?? "";

/**
 * Takes an object in under another patient and under UIDs of our own. Its bytes, its key and its SHA-256 stay; what it is
 * served as stands in overlays, and Original Attributes say what stood there (docs/adr/0006).
 */
export async function indexDerived(
  tx: Tx,
  { record, study, series, instance, reason }: Derived,
): Promise<{ studyId: string; instanceId: string }> {
  const { custodian, patientId } = record;
  const uids = derivedUidsOf(record.id, {
    studyInstanceUid: study.studyInstanceUid,
    seriesInstanceUid: series.seriesInstanceUid,
    sopInstanceUid: instance.sopInstanceUid,
    sha256Received: instance.sha256Received,
  });
  await lockStudy(tx, custodian, uids.studyInstanceUid);
  const held = await findHeldUnderAnother(tx, custodian, [instance.sopInstanceUid]);
  if (held.has(instance.sha256Received))
    throw new Conflict("ALREADY_TAKEN_IN", "This very object was taken in under another patient already.");
  const incoming = {
    custodian,
    storageId: storageIdOf(folderOf(instance), custodian, uids.studyInstanceUid),
    isOutside: false,
    sourceName: undefined,
    patientRecordId: record.id,
    patientId,
    study: {
      ...study,
      studyInstanceUid: uids.studyInstanceUid,
      accessionNumber: undefined,
      accessionIssuer: undefined,
    },
    series: { ...series, seriesInstanceUid: uids.seriesInstanceUid },
    instances: [],
  };
  const fresh = {
    ...instance,
    sopInstanceUid: uids.sopInstanceUid,
    originalSopInstanceUid: instance.sopInstanceUid,
  };
  const known = await findStudyByUid(tx, custodian, uids.studyInstanceUid);
  const made = await indexFresh(tx, incoming, [fresh], { study: known });
  const studyId = made.study.id;
  const instanceId = made.ids.get(uids.sopInstanceUid) ?? "";
  const base = { custodian, studyId, reason };
  await writeOverlay(tx, {
    ...base,
    level: "study",
    targetId: studyId,
    attributes: attributesFor(record.identity, uids.studyInstanceUid),
  });
  await writeOverlay(tx, {
    ...base,
    level: "series",
    targetId: made.seriesId,
    attributes: { "0020000E": { vr: "UI", Value: [uids.seriesInstanceUid] } },
  });
  await writeOverlay(tx, {
    ...base,
    level: "instance",
    targetId: instanceId,
    attributes: { "00080018": { vr: "UI", Value: [uids.sopInstanceUid] } },
  });
  return { studyId, instanceId };
}
