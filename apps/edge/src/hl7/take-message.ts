import { createHash } from "node:crypto";
import { type Spool, SpoolFull } from "../ledger/index.ts";
import type { Log } from "../log.ts";
import type { Answer } from "./acknowledge.ts";
import { type Envelope, envelopeOf } from "./envelope.ts";
import type { Framed } from "./framer.ts";
import { faultOf, type Rules } from "./judge-message.ts";

export type MessageDoor = { spool: Spool; rules: Rules; log: Log };

const BUSY = "The gateway could not keep the message. Send it again.";
const FULL = "The gateway's disk is full. Send it again later.";

/** A control id means something within its sending application and facility. */
const keyOf = (envelope: Envelope): string =>
  `message:${[3, 4, 10].map((field) => envelope.msh(field)).join("|")}`;

/** The ledger's word for who sent it; never about a patient. */
const streamOf = (envelope: Envelope): string =>
  `HL7 ${[3, 4].map((field) => envelope.msh(field)).join(" ")}`.trim().slice(0, 64);

async function isHere(spool: Spool, key: string, bytes: Uint8Array): Promise<boolean> {
  const known = await spool.find(key);
  return known?.sha256 === createHash("sha256").update(bytes).digest("hex");
}

async function keep({ spool, log }: MessageDoor, envelope: Envelope, bytes: Uint8Array): Promise<Answer> {
  const key = keyOf(envelope);
  try {
    // The same again is here already. Another message under the same id goes on: that is a person's to see.
    if (await isHere(spool, key, bytes)) return { code: "AA" };
    await spool.add({ kind: "hl7", urgency: "urgent", stream: streamOf(envelope), keys: [key] }, bytes);
    return { code: "AA" };
  } catch (error) {
    const isFull =
      error instanceof SpoolFull || (error instanceof Error && "code" in error && error.code === "ENOSPC");
    log({ level: "error", event: "mllp.not-kept", why: isFull ? "SPOOL_FULL" : "INTERNAL" });
    return { code: "AE", condition: 207, sentence: isFull ? FULL : BUSY };
  }
}

/** AA only once it is durable in the spool; else what is wrong, and nothing of it is kept. */
export async function takeMessage(
  door: MessageDoor,
  framed: Framed,
): Promise<{ envelope: Envelope | undefined; answer: Answer }> {
  if (framed.kind === "too-large") {
    const sentence = "The message is larger than 1 MB.";
    return { envelope: envelopeOf(framed.head), answer: { code: "AR", condition: 102, sentence } };
  }
  const envelope = envelopeOf(framed.bytes);
  const fault = faultOf(envelope, framed.bytes, door.rules);
  if (fault || !envelope)
    return { envelope, answer: fault ?? { code: "AR", condition: 100, sentence: "No message." } };
  return { envelope, answer: await keep(door, envelope, framed.bytes) };
}
