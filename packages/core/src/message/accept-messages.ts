import { z } from "zod";
import * as Ingest from "../ingest/index.ts";
import { type AuditSubject, defineBatchAction, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { systemOnly } from "./message.policy.ts";
import { findMessage, type MessageRow, type MessageState, writeMessage } from "./message.store.ts";
import { type Arrived, type Part, prepareMessage } from "./prepare-messages.ts";
import { REFUSALS, type Refusal, type Taken } from "./refusals.ts";
import { sourceOf } from "./source-of.ts";
import { takeAppointment } from "./take-appointment.ts";
import { takeMerge } from "./take-merge.ts";
import { takePerson } from "./take-person.ts";
import { takeReport } from "./take-report.ts";
import { takeRequest } from "./take-request.ts";

type MessagePart = Part & { kind: "message" };
type Done = { arrived: Arrived; outcome: Ingest.Outcome | undefined; subject: AuditSubject | undefined };

const DAY = 86_400_000;

/** An update's word counts by its time: a clock that runs ahead would outlast every later message. */
const isAhead = (tx: Tx, { message }: MessagePart) =>
  message.isUpdate && message.messageAt.getTime() > tx.now.getTime() + DAY;

async function take(tx: Tx, part: MessagePart): Promise<Taken> {
  const { message, arrived } = part;
  if (isAhead(tx, part)) return { refused: "HL7_TIME_AHEAD", subjects: [] };
  const word = { at: message.messageAt, id: sourceOf(message) };
  const { localNumber, says, isUpdate } = message;
  const heard = { source: word.id, saidAt: word.at, isUpdate, says };
  const resolved = await Patient.hearStatement(tx, arrived.custodian, localNumber, heard);
  if ("reused" in resolved) return { refused: "LOCAL_NUMBER_REUSED", subjects: [] };
  const { record } = resolved;
  switch (message.kind) {
    case "person":
      return takePerson(tx, record, message, word);
    case "merge":
      return takeMerge(tx, record, message);
    case "appointment":
      return takeAppointment(tx, record, message, word);
    case "request":
      return takeRequest(tx, record, message.request, word);
    case "report":
      return takeReport(tx, record, message, part.objectKey);
  }
}

const accessionOf = (message: MessagePart["message"]): string | undefined => {
  if (message.kind === "request") return message.request.accessionNumber;
  if (message.kind === "report") return message.report.accessionNumber;
  return message.kind === "appointment" ? message.appointment.request?.accessionNumber : undefined;
};

/** What a PACS manager needs to find the source of a message that waits. Shown to their own trust only. */
function identityOf({ message }: MessagePart): Ingest.QuarantineIdentity {
  const { name, birthDate, sex, nhs } = message.says;
  const accessionNumber = accessionOf(message);
  return {
    ...(name ? { name: [name.family, name.given].filter(Boolean).join(", ") } : {}),
    localNumber: message.localNumber,
    ...(birthDate ? { birthDate } : {}),
    ...(sex ? { sex } : {}),
    ...(nhs ? { nhsNumber: nhs.number } : {}),
    messageType: [message.type, message.event].filter(Boolean).join("^"),
    sender: message.sender.split("|").filter(Boolean).join(", "),
    controlId: message.messageId,
    ...(accessionNumber ? { accessionNumber } : {}),
    ...(message.kind === "merge" ? { mergedNumber: message.oldNumber } : {}),
  };
}

async function putAside(
  tx: Tx,
  part: Part & { kind: "message" | "refused" },
  refusal: { code: string; sentence: string; rule?: string | undefined },
): Promise<Done> {
  const { arrived, sizeBytes, sha256 } = part;
  const { code, sentence, rule } = refusal;
  const identity = part.kind === "message" ? identityOf(part) : {};
  await Ingest.quarantine(tx, {
    itemId: arrived.itemId,
    custodian: arrived.custodian,
    kind: "hl7",
    sizeBytes,
    sha256,
    code,
    sentence,
    identity: { ...identity, ...(rule ? { rule } : {}) },
  });
  return {
    arrived,
    outcome: "quarantined",
    subject: { custodian: arrived.custodian, detail: { [code]: 1 } },
  };
}

const refusalOf = (code: Refusal) => ({ code, sentence: REFUSALS[code] });

async function write(tx: Tx, part: MessagePart, subjects: string[], state: MessageState): Promise<void> {
  const { arrived, message, digest, objectKey, sizeBytes } = part;
  await writeMessage(tx, {
    custodian: arrived.custodian,
    message,
    digest,
    inboxItemId: arrived.itemId,
    objectKey,
    sizeBytes,
    identity: identityOf(part),
    subjects,
    state,
  });
}

/** The same id from the same sender: the same message is a duplicate, another one a conflict that a person sees. */
async function judgeAgain(
  tx: Tx,
  part: MessagePart,
  known: MessageRow | undefined,
): Promise<"new" | "duplicate" | "conflict"> {
  if (!known || known.inboxItemId === part.arrived.itemId) return "new";
  // What was discarded was never taken in.
  if ((await Ingest.findStateOfItem(tx, known.inboxItemId)) === "discarded") return "new";
  return known.digest === part.digest ? "duplicate" : "conflict";
}

async function settle(tx: Tx, part: MessagePart, taken: Exclude<Taken, { refused: Refusal }>): Promise<Done> {
  const { arrived, message, sha256 } = part;
  const { outcome, code, message: sentence, patientId } = taken;
  await Ingest.settleItem(tx, {
    itemId: arrived.itemId,
    sha256,
    outcome,
    ...(code ? { code } : {}),
    ...(sentence ? { message: sentence } : {}),
  });
  return {
    arrived,
    outcome,
    subject: {
      custodian: arrived.custodian,
      ...(patientId ? { patientId } : {}),
      detail: { kind: message.kind, outcome },
    },
  };
}

async function acceptMessage(tx: Tx, part: MessagePart): Promise<Done> {
  const { message, arrived } = part;
  const key = { custodian: arrived.custodian, sender: message.sender, controlId: message.messageId };
  const again = await judgeAgain(tx, part, await findMessage(tx, key));
  if (again === "duplicate") return settle(tx, part, { outcome: "duplicate", patientId: "", subjects: [] });
  if (again === "conflict") return putAside(tx, part, refusalOf("HL7_ID_REUSED"));
  const taken = await take(tx, part);
  if ("refused" in taken) {
    await write(tx, part, taken.subjects, "aside");
    return putAside(tx, part, { ...refusalOf(taken.refused), rule: taken.rule });
  }
  await write(tx, part, taken.subjects, taken.outcome === "skipped" ? "skipped" : "accepted");
  return settle(tx, part, taken);
}

async function acceptOne(tx: Tx, part: Part): Promise<Done> {
  const { arrived } = part;
  const [item] = await Ingest.findItems(tx, [arrived.itemId]);
  if (item?.outcome) return { arrived, outcome: item.outcome as Ingest.Outcome, subject: undefined };
  if (part.kind === "gone") return { arrived, outcome: undefined, subject: undefined };
  return part.kind === "refused" ? putAside(tx, part, part.refusal) : acceptMessage(tx, part);
}

/**
 * Takes in HL7 v2 messages from the one inbox: patients and stays, merges, appointments, requests and reports. Idempotent by
 * sender and message control id, and in any order: what they come to is the same (docs/hl7.md).
 *
 * @returns The keys that must come again.
 */
export const acceptMessages = defineBatchAction({
  name: "message.accept-messages",
  input: z.object({ keys: z.array(z.string()).min(1).max(100) }),
  policy: systemOnly,
  async prepare(ctx, { keys }): Promise<Part[]> {
    const parts: Part[] = [];
    for (const key of new Set(keys)) {
      const place = Ingest.placeOf(key);
      if (place) parts.push(await prepareMessage(ctx, { ...place, key }));
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
          event: "message.failed",
          why: result.error instanceof Error ? result.error.name : "",
        });
      } else if (result.done.outcome)
        await Ingest.clearFromInbox(ctx, result.done.arrived, result.done.outcome);
    }
    return { failedKeys };
  },
  audit: { how: "each", verb: "received", subjects: (_input, done) => done?.subject ?? [] },
});
