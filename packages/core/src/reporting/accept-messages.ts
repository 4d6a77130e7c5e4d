import { createHash } from "node:crypto";
import { z } from "zod";
import * as Access from "../access/index.ts";
import * as Ingest from "../ingest/index.ts";
import { type AuditSubject, type Ctx, defineBatchAction, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { ObjectExists, ObjectNotFound } from "../ports/index.ts";
import * as Request from "../request/index.ts";
import { touchStudies } from "../study/index.ts";
import { Hl7Refused, parseHl7 } from "./hl7.ts";
import { type Message, readMessage } from "./read-message.ts";
import { findStudiesByAccession, writeVersion } from "./report.store.ts";
import { systemOnly } from "./reporting.policy.ts";

type Arrived = Ingest.InboxPlace & { key: string };
type Refusal = { code: string; sentence: string };
type Part =
  | {
      kind: "message";
      arrived: Arrived;
      message: Message;
      objectKey: string;
      sizeBytes: number;
      sha256: string;
    }
  | { kind: "refused"; arrived: Arrived; refusal: Refusal; sizeBytes: number; sha256: string }
  | { kind: "gone"; arrived: Arrived };
type Done = { arrived: Arrived; outcome: Ingest.Outcome | undefined; subject: AuditSubject | undefined };

const MOST_BYTES = 1_000_000;
const REFERRED_DAYS = 180;

const REFUSALS = {
  LOCAL_NUMBER_REUSED:
    "This local number belongs to somebody else in your trust. Find out of whom the message speaks.",
  REPORT_PATIENT_MISMATCH:
    "The report names another patient than its study. Ask the sender whose report it is.",
  REQUEST_PATIENT_MISMATCH: "The request is known under another patient. Ask the sender whose request it is.",
} as const;

async function readAll(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Messages lie beside the images, as received, below a name that tells nothing. */
const messageKey = (sha256: string) => `messages/${sha256.slice(0, 2)}/${sha256}`;

async function keep(ctx: Ctx, arrived: Arrived, objectKey: string): Promise<void> {
  try {
    await ctx.service.ports.archive.copyFrom(ctx.service.ports.inbox, arrived.key, objectKey, {
      contentType: "application/hl7-v2",
      ifAbsent: true,
    });
  } catch (error) {
    if (!(error instanceof ObjectExists)) throw error;
  }
}

async function prepareOne(ctx: Ctx, arrived: Arrived): Promise<Part> {
  const { inbox } = ctx.service.ports;
  const found = await inbox.head(arrived.key);
  if (!found) return { kind: "gone", arrived };
  const tooLarge: Refusal = { code: "HL7_TOO_LARGE", sentence: "The message is larger than 1 MB." };
  if (found.sizeBytes > MOST_BYTES)
    return { kind: "refused", arrived, refusal: tooLarge, sizeBytes: found.sizeBytes, sha256: "" };
  const bytes = await readAll(await inbox.read(arrived.key));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const at = { arrived, sizeBytes: bytes.length, sha256 };
  try {
    const message = readMessage(parseHl7(bytes), arrived.custodian);
    const objectKey = messageKey(sha256);
    await keep(ctx, arrived, objectKey);
    return { kind: "message", ...at, message, objectKey };
  } catch (error) {
    if (error instanceof Hl7Refused)
      return { kind: "refused", ...at, refusal: { code: error.code, sentence: error.message } };
    if (error instanceof ObjectNotFound) return { kind: "gone", arrived };
    throw error;
  }
}

type Taken =
  | { outcome: "accepted" | "duplicate" | "skipped"; code?: string; message?: string; patientId: string }
  | { refused: keyof typeof REFUSALS };

/** Whoever asked for images is caring for the patient: no purpose is asked of them while the request is fresh (clinical page §4). */
async function relateReferrer(
  tx: Tx,
  custodian: string,
  patientId: string,
  { request, referrerId, messageAt }: Message & { kind: "request" },
): Promise<void> {
  // A sender's clock that runs ahead makes no relationship longer.
  const askedAt = Math.min((request.requestedAt ?? messageAt).getTime(), tx.now.getTime());
  const endsAt = new Date(askedAt + REFERRED_DAYS * 86_400_000);
  if (!referrerId || request.state === "cancelled" || endsAt <= tx.now) return;
  await Access.relate(tx, {
    patientId,
    personId: referrerId,
    organisation: custodian,
    kind: "request",
    source: `request ${request.issuer} ${request.accessionNumber}`,
    endsAt,
    isProvisional: false,
  });
}

/** Images that came before their request say "not reported" from now on, on open lists too. */
async function showRequested(
  tx: Tx,
  custodian: string,
  { accessionNumber, issuer }: Request.ImagingRequest,
): Promise<void> {
  const studies = await findStudiesByAccession(tx, custodian, accessionNumber, issuer);
  await touchStudies(
    tx,
    studies.map(({ studyId }) => studyId),
  );
}

async function takeRequest(
  tx: Tx,
  custodian: string,
  record: Patient.RecordRow,
  message: Message & { kind: "request" },
): Promise<Taken> {
  const written = await Request.writeRequest(tx, {
    ...message.request,
    custodian,
    patientRecordId: record.id,
    patientId: record.patientId,
    messageAt: message.messageAt,
    messageId: message.messageId,
  });
  if (written === "other-patient") return { refused: "REQUEST_PATIENT_MISMATCH" };
  const { patientId } = record;
  if (written === "written") {
    await relateReferrer(tx, custodian, patientId, message);
    await showRequested(tx, custodian, message.request);
  }
  if (written === "older")
    return {
      outcome: "skipped",
      code: "HL7_OLDER",
      message: "A newer message about this request was here already.",
      patientId,
    };
  return { outcome: written === "duplicate" ? "duplicate" : "accepted", patientId };
}

/** Tied to a study by accession number and issuer, and to a patient: where the two disagree, a person decides. */
async function takeReport(
  tx: Tx,
  record: Patient.RecordRow,
  part: Part & { kind: "message" },
  message: Message & { kind: "report" },
): Promise<Taken> {
  const { custodian } = part.arrived;
  const { report, messageAt, messageId } = message;
  const studies = await findStudiesByAccession(tx, custodian, report.accessionNumber, report.issuer);
  const request = await Request.findRequest(tx, {
    custodian,
    accessionNumber: report.accessionNumber,
    issuer: report.issuer,
  });
  const owners = [...studies.map(({ patientId }) => patientId), ...(request ? [request.patientId] : [])];
  if (owners.some((owner) => owner !== record.patientId)) return { refused: "REPORT_PATIENT_MISMATCH" };
  const written = await writeVersion(tx, {
    custodian,
    patientRecordId: record.id,
    patientId: record.patientId,
    report,
    messageAt,
    messageId,
    objectKey: part.objectKey,
  });
  if (written === "other-patient") return { refused: "REPORT_PATIENT_MISMATCH" };
  await touchStudies(
    tx,
    studies.map(({ studyId }) => studyId),
  );
  for (const { studyId } of studies) await tx.enqueue("report.received", { studyId });
  return { outcome: written === "duplicate" ? "duplicate" : "accepted", patientId: record.patientId };
}

async function take(tx: Tx, part: Part & { kind: "message" }): Promise<Taken> {
  const { message, arrived } = part;
  const resolved = await Patient.resolveRecord(tx, arrived.custodian, message.identity);
  if ("reused" in resolved) return { refused: "LOCAL_NUMBER_REUSED" };
  return message.kind === "request"
    ? takeRequest(tx, arrived.custodian, resolved.record, message)
    : takeReport(tx, resolved.record, part, message);
}

async function putAside(
  tx: Tx,
  part: Part & { kind: "message" | "refused" },
  refusal: Refusal,
): Promise<Done> {
  const { arrived, sizeBytes, sha256 } = part;
  const stated = part.kind === "message" ? part.message.identity : undefined;
  await Ingest.quarantine(tx, {
    itemId: arrived.itemId,
    custodian: arrived.custodian,
    kind: "hl7",
    sizeBytes,
    sha256,
    code: refusal.code,
    sentence: refusal.sentence,
    identity: stated
      ? {
          name: `${stated.family}, ${stated.given}`,
          localNumber: stated.localNumber,
          ...(stated.birthDate ? { birthDate: stated.birthDate } : {}),
        }
      : {},
  });
  return {
    arrived,
    outcome: "quarantined",
    subject: { custodian: arrived.custodian, detail: { [refusal.code]: 1 } },
  };
}

async function acceptOne(tx: Tx, part: Part): Promise<Done> {
  const { arrived } = part;
  const [item] = await Ingest.findItems(tx, [arrived.itemId]);
  if (item?.outcome) return { arrived, outcome: item.outcome as Ingest.Outcome, subject: undefined };
  if (part.kind === "gone") return { arrived, outcome: undefined, subject: undefined };
  if (part.kind === "refused") return putAside(tx, part, part.refusal);
  const taken = await take(tx, part);
  if ("refused" in taken)
    return putAside(tx, part, { code: taken.refused, sentence: REFUSALS[taken.refused] });
  const { patientId, ...settled } = taken;
  await Ingest.settleItem(tx, { itemId: arrived.itemId, sha256: part.sha256, ...settled });
  return {
    arrived,
    outcome: taken.outcome,
    subject: {
      custodian: arrived.custodian,
      patientId,
      detail: { kind: part.message.kind, outcome: taken.outcome },
    },
  };
}

/**
 * Takes in HL7 v2 files from the one inbox: requests and reports. Idempotent by message control id, in any order.
 *
 * @returns The keys that must come again.
 */
export const acceptMessages = defineBatchAction({
  name: "reporting.accept-messages",
  input: z.object({ keys: z.array(z.string()).min(1).max(100) }),
  policy: systemOnly,
  async prepare(ctx, { keys }): Promise<Part[]> {
    const parts: Part[] = [];
    for (const key of new Set(keys)) {
      const place = Ingest.placeOf(key);
      if (place) parts.push(await prepareOne(ctx, { ...place, key }));
    }
    return parts;
  },
  load: async () => null,
  run: (tx, _input, _facts, part): Promise<Done> => acceptOne(tx, part),
  async after(ctx, results) {
    const failedKeys: string[] = [];
    for (const result of results) {
      if ("error" in result) {
        failedKeys.push(result.part.arrived.key);
        ctx.service.log({
          level: "error",
          event: "reporting.message-failed",
          why: result.error instanceof Error ? result.error.name : "",
        });
      } else if (result.done.outcome)
        await Ingest.clearFromInbox(ctx, result.done.arrived, result.done.outcome);
    }
    return { failedKeys };
  },
  audit: { how: "each", verb: "received", subjects: (_input, done) => done?.subject ?? [] },
});
