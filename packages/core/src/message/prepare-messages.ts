import { createHash } from "node:crypto";
import type * as Ingest from "../ingest/index.ts";
import type { Ctx } from "../kernel/index.ts";
import { ObjectExists, ObjectNotFound } from "../ports/index.ts";
import { digestOf, Hl7Refused, parseHl7 } from "./hl7.ts";
import { type Message, readMessage } from "./read-message.ts";

export type Arrived = Ingest.InboxPlace & { key: string };
export type Part =
  | {
      kind: "message";
      arrived: Arrived;
      message: Message;
      /** Of what it says, whatever ends its lines. */
      digest: string;
      objectKey: string;
      sizeBytes: number;
      sha256: string;
    }
  | {
      kind: "refused";
      arrived: Arrived;
      refusal: { code: string; sentence: string };
      sizeBytes: number;
      sha256: string;
    }
  | { kind: "gone"; arrived: Arrived };

const MOST_BYTES = 1_000_000;

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

/** Reads one message from the inbox and keeps its bytes. */
export async function prepareMessage(ctx: Ctx, arrived: Arrived): Promise<Part> {
  const { inbox } = ctx.service.ports;
  const found = await inbox.head(arrived.key);
  if (!found) return { kind: "gone", arrived };
  const refusal = { code: "HL7_TOO_LARGE", sentence: "The message is larger than 1 MB." };
  if (found.sizeBytes > MOST_BYTES)
    return { kind: "refused", arrived, refusal, sizeBytes: found.sizeBytes, sha256: "" };
  const bytes = await readAll(await inbox.read(arrived.key));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const at = { arrived, sizeBytes: bytes.length, sha256 };
  try {
    const message = readMessage(parseHl7(bytes), arrived.custodian);
    const objectKey = messageKey(sha256);
    await keep(ctx, arrived, objectKey);
    return { kind: "message", ...at, message, digest: digestOf(bytes), objectKey };
  } catch (error) {
    if (error instanceof Hl7Refused)
      return { kind: "refused", ...at, refusal: { code: error.code, sentence: error.message } };
    if (error instanceof ObjectNotFound) return { kind: "gone", arrived };
    throw error;
  }
}
