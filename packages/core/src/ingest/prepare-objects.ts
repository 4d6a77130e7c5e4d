import {
  acceptUid,
  DicomError,
  type DicomJson,
  instanceKey,
  type Part10Object,
  readPart10,
  text,
} from "@weald/dicom";
import pMap from "p-map";
import { type Ctx, WealdError } from "../kernel/index.ts";
import type { StatedIdentity } from "../patient/index.ts";
import { ObjectExists, ObjectNotFound } from "../ports/index.ts";
import {
  type IncomingInstance,
  type SeriesAttributes,
  type StudyAttributes,
  storageIdOf,
} from "../study/index.ts";
import { seriesAttributesOf, slicePositionOf, studyAttributesOf, wholeNumber } from "./attributes-of.ts";
import { withClearedPreamble } from "./cleared-preamble.ts";
import { identityOf } from "./identity-of.ts";
import { type InboxPlace, placeOf } from "./inbox-key.ts";
import { type QuarantineCode, SENTENCES } from "./ingest-errors.ts";
import type { QuarantineIdentity } from "./quarantine.store.ts";
import { withoutNul } from "./without-nul.ts";

export type Arrived = InboxPlace & { key: string };

/** One object that lies in the archive, and what it says of itself. */
export type PreparedObject = {
  arrived: Arrived;
  storageId: string;
  identity: StatedIdentity;
  study: StudyAttributes;
  series: SeriesAttributes;
  instance: IncomingInstance;
};

/** One object that can't be indexed, with why. `skipped`: it is no image and nobody needs to look (a DICOMDIR). */
export type RefusedObject = {
  arrived: Arrived;
  outcome: "quarantined" | "skipped";
  code: string;
  sentence: string;
  sizeBytes: number;
  sha256: string | undefined;
  identity: QuarantineIdentity;
};

/** `gone`: an earlier delivery of the same message did the work and took the object out of the inbox. */
export type Prepared =
  | { kind: "object"; object: PreparedObject }
  | { kind: "refused"; refused: RefusedObject }
  | { kind: "gone"; arrived: Arrived };

const NOT_WORTH_A_LOOK = new Set(["DICOMDIR"]);

type Uids = {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
  sopClassUid: string;
};

const usableUid = (value: string | undefined): string | undefined => {
  try {
    return value === undefined ? undefined : acceptUid(value);
  } catch {
    return undefined;
  }
};

/** The four UIDs without which an object has no place, or the code that says which is missing. */
function uidsOf(dataset: DicomJson): Uids | QuarantineCode {
  const studyInstanceUid = usableUid(text(dataset, "0020000D"));
  const seriesInstanceUid = usableUid(text(dataset, "0020000E"));
  const sopInstanceUid = usableUid(text(dataset, "00080018"));
  const sopClassUid = usableUid(text(dataset, "00080016"));
  if (!studyInstanceUid) return "STUDY_UID_MISSING";
  if (!seriesInstanceUid) return "SERIES_UID_MISSING";
  if (!sopInstanceUid) return "SOP_UID_MISSING";
  if (!sopClassUid) return "SOP_CLASS_MISSING";
  return { studyInstanceUid, seriesInstanceUid, sopInstanceUid, sopClassUid };
}

function shownIdentity(dataset: DicomJson): QuarantineIdentity {
  const identity = identityOf(dataset);
  const seen = {
    name: identity && [identity.family, identity.given].filter(Boolean).join(", "),
    localNumber: identity?.localNumber,
    birthDate: identity?.birthDate,
    studyInstanceUid: text(dataset, "0020000D"),
    seriesInstanceUid: text(dataset, "0020000E"),
    sopInstanceUid: text(dataset, "00080018"),
    modality: text(dataset, "00080060"),
  };
  return Object.fromEntries(Object.entries(seen).filter(([, value]) => value));
}

const refuse = (arrived: Arrived, part10: Part10Object, code: QuarantineCode): Prepared => ({
  kind: "refused",
  refused: {
    arrived,
    outcome: "quarantined",
    code,
    sentence: SENTENCES[code],
    sizeBytes: part10.sizeBytes,
    sha256: part10.sha256Received,
    identity: shownIdentity(part10.dataset),
  },
});

function instanceOf(part10: Part10Object, uids: Uids, objectKey: string): IncomingInstance {
  const { dataset } = part10;
  return {
    sopInstanceUid: uids.sopInstanceUid,
    sopClassUid: uids.sopClassUid,
    instanceNumber: wholeNumber(dataset, "00200013"),
    slicePosition: slicePositionOf(dataset),
    numberOfFrames: part10.pixelData?.numberOfFrames ?? 0,
    objectKey,
    sizeBytes: part10.sizeBytes,
    transferSyntaxUid: part10.transferSyntaxUid,
    encoding: part10.encoding,
    sha256Received: part10.sha256Received,
    sha256Stored: part10.sha256Stored,
    pixelSha256: part10.pixelData?.sha256,
    preamble: part10.preamble?.mustClear ? part10.preamble.bytes : undefined,
    hasMetaHeader: part10.hasMetaHeader,
    header: dataset,
    frames: part10.pixelData?.frames ?? [],
    deviations: part10.deviations,
  };
}

/** Bit for bit, but for a preamble that might be a program. A write-once key: done again, it finds its own object. */
async function archive(ctx: Ctx, arrived: Arrived, part10: Part10Object, objectKey: string): Promise<void> {
  const { inbox, archive } = ctx.service.ports;
  const options = { contentType: "application/dicom", sizeBytes: part10.sizeBytes, ifAbsent: true };
  try {
    if (part10.preamble?.mustClear)
      await archive.put(objectKey, withClearedPreamble(await inbox.read(arrived.key)), options);
    else await archive.copyFrom(inbox, arrived.key, objectKey, options);
  } catch (error) {
    if (!(error instanceof ObjectExists)) throw error;
  }
}

async function place(ctx: Ctx, arrived: Arrived, part10: Part10Object): Promise<Prepared> {
  const uids = uidsOf(part10.dataset);
  if (typeof uids === "string") return refuse(arrived, part10, uids);
  const identity = identityOf(part10.dataset);
  if (!identity) return refuse(arrived, part10, "PATIENT_ID_MISSING");
  const storageId = storageIdOf(ctx.service.storageIdSecret, arrived.custodian, uids.studyInstanceUid);
  const objectKey = instanceKey({
    studyStorageId: storageId,
    sha256Received: part10.sha256Received,
    ...uids,
  });
  await archive(ctx, arrived, part10, objectKey);
  ctx.service.crashPoint("after-archive-put");
  const study = studyAttributesOf(part10.dataset, uids.studyInstanceUid);
  const series = seriesAttributesOf(part10.dataset, uids.seriesInstanceUid);
  return {
    kind: "object",
    object: { arrived, storageId, identity, study, series, instance: instanceOf(part10, uids, objectKey) },
  };
}

/** `sizeBytes` is asked of the store: of what was read only a part may have been. */
function refusalOf(arrived: Arrived, error: DicomError, sizeBytes: number): Prepared {
  const outcome = NOT_WORTH_A_LOOK.has(error.code) ? "skipped" : "quarantined";
  return {
    kind: "refused",
    refused: {
      arrived,
      outcome,
      code: error.code,
      sentence: error.message,
      sizeBytes,
      sha256: undefined,
      identity: {},
    },
  };
}

async function prepareOne(ctx: Ctx, arrived: Arrived): Promise<Prepared> {
  const { inbox } = ctx.service.ports;
  try {
    const read = await readPart10(await inbox.read(arrived.key));
    const part10 = { ...read, dataset: withoutNul(read.dataset) };
    ctx.service.crashPoint("after-inbox-read");
    return await place(ctx, arrived, part10);
  } catch (error) {
    if (error instanceof ObjectNotFound) return { kind: "gone", arrived };
    if (!(error instanceof DicomError)) throw error;
    const found = await inbox.head(arrived.key);
    return found ? refusalOf(arrived, error, found.sizeBytes) : { kind: "gone", arrived };
  }
}

/** Read as streams, so that this many together take little memory. */
const AT_ONCE = 4;

function placed(ctx: Ctx, key: string): Arrived[] {
  const at = placeOf(key);
  if (at) return [{ ...at, key }];
  ctx.service.log({ level: "error", event: "ingest.key-unknown" });
  return [];
}

function logNotPrepared(ctx: Ctx, { itemId }: Arrived, error: unknown): void {
  ctx.service.log({
    level: "error",
    event: "ingest.not-prepared",
    itemId,
    code: error instanceof WealdError ? error.code : "INTERNAL",
    why: error instanceof Error ? error.name : "",
  });
}

/** One that can't be prepared just now (the store is away) doesn't hold up the others: it comes again. */
export type Preparation = { prepared: Prepared[]; failed: string[] };

export async function prepareObjects(ctx: Ctx, keys: readonly string[]): Promise<Preparation> {
  const prepared: Prepared[] = [];
  const failed: string[] = [];
  const known = [...new Set(keys)].flatMap((key) => placed(ctx, key));
  const take = async (arrived: Arrived): Promise<Prepared | undefined> => {
    try {
      return await prepareOne(ctx, arrived);
    } catch (error) {
      failed.push(arrived.key);
      logNotPrepared(ctx, arrived, error);
      return undefined;
    }
  };
  for (const one of await pMap(known, take, { concurrency: AT_ONCE })) if (one) prepared.push(one);
  return { prepared, failed };
}
