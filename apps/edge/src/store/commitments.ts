import { type DicomJson, sequence, text } from "@weald/dicom";
import { z } from "zod";
import type { ApplicationEntity } from "../config.ts";
import { type Caller, type CommitReport, type Ended, STATUS } from "../dimse/service.ts";
import type { Item, Spool } from "../ledger/index.ts";
import type { Log } from "../log.ts";
import { sopKey } from "./receive-object.ts";

const TRANSACTION_UID = "00081195";
const REFERENCED = "00081199";
const FAILED = "00081198";
const SOP_CLASS = "00081150";
const SOP_INSTANCE = "00081155";
const FAILURE_REASON = "00081197";
const ALL_SAFE = 1;
const SOME_NOT = 2;
const MOST_OBJECTS = 50_000;

const Asked = z.object({
  id: z.string(),
  title: z.string(),
  calledTitle: z.string(),
  transactionUid: z.string(),
  objects: z.array(z.object({ sopClassUid: z.string(), sopInstanceUid: z.string() })),
  askedAt: z.string(),
});
type Asked = z.output<typeof Asked>;

/** Opens an association to the system that asked, and reports there; false when it can't be reached. */
export type Reporter = (
  way: { entity: ApplicationEntity; calledTitle: string },
  eventTypeId: number,
  information: DicomJson,
) => Promise<boolean>;

export type CommitmentOptions = {
  spool: Spool;
  entities: readonly ApplicationEntity[];
  reportTo: Reporter;
  log: Log;
  /** So long an object may be on its way to the region before it is reported as not yet safe. */
  waitMs: number;
  everyMs: number;
};

/** Safe is what the region has taken in; what waits here may yet be lost with this machine. */
function failureOf(item: Item | undefined, sopClassUid: string): number | "waits" | undefined {
  if (!item) return STATUS.noSuchObject;
  if (item.sopClassUid && item.sopClassUid !== sopClassUid) return STATUS.classConflict;
  if (item.state !== "settled") return "waits";
  return item.outcome === "quarantined" || item.outcome === "skipped" ? STATUS.processingFailure : undefined;
}

type Object_ = Asked["objects"][number];
const reference = ({ sopClassUid, sopInstanceUid }: Object_): DicomJson => ({
  [SOP_CLASS]: { vr: "UI", Value: [sopClassUid] },
  [SOP_INSTANCE]: { vr: "UI", Value: [sopInstanceUid] },
});

/**
 * Storage commitment: each request is kept until it has been reported, also over a restart, and is judged by the ledger.
 *
 * @see DICOM PS3.4 annex J
 */
export function commitments(options: CommitmentOptions) {
  const { spool, entities, reportTo, log, waitMs, everyMs } = options;
  const onAssociation = new Map<string, CommitReport>();
  let isRunning = false;

  async function judged({ objects }: Asked) {
    const judgements = [];
    for (const object of objects) {
      const item = await spool.find(sopKey(object.sopInstanceUid));
      judgements.push({ object, failure: failureOf(item, object.sopClassUid) });
    }
    return judgements;
  }

  async function report(asked: Asked, isLate: boolean): Promise<"waits" | "reported" | "unreachable"> {
    const judgements = await judged(asked);
    if (!isLate && judgements.some(({ failure }) => failure === "waits")) return "waits";
    const safe = judgements.filter(({ failure }) => failure === undefined);
    const failed = judgements.flatMap(({ object, failure }) =>
      failure === undefined
        ? []
        : [{ object, reason: failure === "waits" ? STATUS.resourceLimitation : failure }],
    );
    const information: DicomJson = {
      [TRANSACTION_UID]: { vr: "UI", Value: [asked.transactionUid] },
      ...(failed.length > 0
        ? {
            [FAILED]: {
              vr: "SQ",
              Value: failed.map(({ object, reason }) => ({
                ...reference(object),
                [FAILURE_REASON]: { vr: "US", Value: [reason] },
              })),
            },
          }
        : {}),
      ...(safe.length > 0
        ? { [REFERENCED]: { vr: "SQ", Value: safe.map(({ object }) => reference(object)) } }
        : {}),
    };
    const eventTypeId = failed.length > 0 ? SOME_NOT : ALL_SAFE;
    if (await onAssociation.get(asked.id)?.(eventTypeId, information)) return "reported";
    onAssociation.delete(asked.id);
    const entity = entities.find(({ title }) => title === asked.title);
    if (!entity?.host || !entity.port) return isLate ? "reported" : "unreachable";
    const isReported = await reportTo({ entity, calledTitle: asked.calledTitle }, eventTypeId, information);
    return isReported ? "reported" : "unreachable";
  }

  /** Looks at every open request once. */
  async function look(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    try {
      for await (const note of spool.ledger.notes("commit")) {
        const asked = Asked.parse(note);
        const ageMs = Date.now() - Date.parse(asked.askedAt);
        const ended = await report(asked, ageMs > waitMs);
        if (ended === "reported" || ageMs > 10 * waitMs) {
          onAssociation.delete(asked.id);
          await spool.ledger.dropNote("commit", asked.id);
        }
        if (ended === "reported") log({ level: "info", event: "commitment.reported", id: asked.id });
      }
    } catch (error) {
      const why = error instanceof Error && "code" in error ? String(error.code) : "INTERNAL";
      log({ level: "error", event: "commitment.failed", why });
    } finally {
      isRunning = false;
    }
  }

  const timer = setInterval(() => void look(), everyMs);
  return {
    look,
    async ask(caller: Caller, request: DicomJson, tell: CommitReport): Promise<Ended> {
      const transactionUid = text(request, TRANSACTION_UID);
      const objects = sequence(request, REFERENCED).flatMap((item) => {
        const [sopClassUid, sopInstanceUid] = [text(item, SOP_CLASS), text(item, SOP_INSTANCE)];
        return sopClassUid && sopInstanceUid ? [{ sopClassUid, sopInstanceUid }] : [];
      });
      if (!transactionUid || objects.length === 0 || objects.length > MOST_OBJECTS)
        return { status: STATUS.invalidArgument, comment: "No transaction, or no objects." };
      const askedAt = new Date().toISOString();
      const { entity, calledTitle } = caller;
      const id = `${askedAt.replace(/\D/g, "")}-${transactionUid}`;
      const asked: Asked = { id, title: entity.title, calledTitle, transactionUid, objects, askedAt };
      await spool.ledger.keepNote("commit", id, asked);
      onAssociation.set(id, tell);
      // Behind the answer to the request.
      setTimeout(() => void look(), 0);
      return { status: STATUS.success };
    },
    stop(): void {
      clearInterval(timer);
    },
  };
}
