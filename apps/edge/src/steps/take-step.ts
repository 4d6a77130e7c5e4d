import { mintUid } from "@weald/dicom";
import { z } from "zod";
import { type Caller, type Ended, STATUS, type StepRequest } from "../dimse/service.ts";
import type { AskRegion } from "../forward/region-client.ts";
import { type Item, type Spool, SpoolFull } from "../ledger/index.ts";
import { PerformedStep, performedStep } from "./performed-step.ts";

const begunKey = (uid: string) => `step:${uid}`;
const endedKey = (uid: string) => `step-ended:${uid}`;

/** Whether this word fits what was said of the step before. */
async function misfit(spool: Spool, { way, sopInstanceUid }: StepRequest): Promise<Ended | undefined> {
  const isKnown = sopInstanceUid !== undefined && (await spool.find(begunKey(sopInstanceUid))) !== undefined;
  if (way === "create")
    return isKnown ? { status: STATUS.duplicateInstance, comment: "The step is known." } : undefined;
  if (!isKnown) return { status: STATUS.noSuchObject, comment: "The step is not known." };
  const isOver = (await spool.find(endedKey(sopInstanceUid))) !== undefined;
  return isOver ? { status: STATUS.processingFailure, comment: "The step has ended." } : undefined;
}

/** A modality's word on a procedure step: durable here before it is answered, then told to the region in its order. */
export function stepTaker(spool: Spool) {
  return async (caller: Caller, request: StepRequest): Promise<Ended & { sopInstanceUid: string }> => {
    const sopInstanceUid = request.sopInstanceUid ?? mintUid();
    const wrong = await misfit(spool, request);
    if (wrong) return { ...wrong, sopInstanceUid };
    const step = performedStep(sopInstanceUid, request.attributes);
    if (!step) return { status: STATUS.invalidAttribute, comment: "The status is unknown.", sopInstanceUid };
    const isOver = step.state !== "in-progress";
    try {
      await spool.add(
        {
          kind: "mpps",
          urgency: "urgent",
          stream: caller.entity.title,
          keys: [begunKey(sopInstanceUid), ...(isOver ? [endedKey(sopInstanceUid)] : [])],
        },
        Buffer.from(JSON.stringify(step)),
      );
      return { status: STATUS.success, sopInstanceUid };
    } catch (error) {
      if (!(error instanceof SpoolFull)) throw error;
      return { status: STATUS.resourceLimitation, comment: error.message, sopInstanceUid };
    }
  };
}

/** Tells the region of a step that waits. Throws as the region's client does. */
export function stepSender(spool: Spool, ask: AskRegion) {
  return async (item: Item): Promise<void> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of spool.read(item)) pieces.push(piece);
    const step = PerformedStep.parse(JSON.parse(Buffer.concat(pieces).toString("utf8")));
    await ask("procedure.recordStep", step, z.unknown());
  };
}
