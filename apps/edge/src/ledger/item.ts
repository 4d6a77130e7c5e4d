import { randomBytes } from "node:crypto";
import { z } from "zod";

/**
 * What a door of the gateway takes in: a DICOM object, one HL7 v2 message, or a modality's word on a procedure step; and a
 * look at what is kept here, which the region is told of.
 */
export const KINDS = ["dicom", "hl7", "mpps", "look"] as const;
export type Kind = (typeof KINDS)[number];

/** Most urgent first. */
export const URGENCIES = ["urgent", "routine", "bulk"] as const;
export type Urgency = (typeof URGENCIES)[number];

export const OUTCOMES = ["accepted", "duplicate", "alternate", "quarantined", "skipped"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * One thing that was taken in. `waiting`: durable here, the region hasn't all of its bytes. `sent`: the region has them, its
 * outcome is awaited. `settled`: the region has said what became of it.
 */
export const Item = z.object({
  id: z.string(),
  kind: z.enum(KINDS),
  urgency: z.enum(URGENCIES),
  /** Which door and sender, for the page: an AE title, an MLLP sender. Never about a patient. */
  stream: z.string(),
  /** How it is found again: `sop:…`, `message:…`. */
  keys: z.array(z.string()),
  /** Of a DICOM object. */
  sopClassUid: z.string().optional(),
  sizeBytes: z.number(),
  sha256: z.string(),
  receivedAt: z.string(),
  state: z.enum(["waiting", "sent", "settled"]),
  attempts: z.number().default(0),
  /** The region's own ids, once it has given them. */
  sent: z.object({ uploadId: z.string(), itemId: z.string() }).optional(),
  outcome: z.enum(OUTCOMES).optional(),
  code: z.string().optional(),
  settledAt: z.string().optional(),
});
export type Item = z.output<typeof Item>;

/** What a door says of that which it takes in. */
export type NewItem = Pick<Item, "kind" | "urgency" | "stream" | "keys" | "sopClassUid">;

const EXTENSION: Record<Kind, string> = { dicom: "dcm", hl7: "hl7", mpps: "json", look: "look" };
const NAME = /^(\d{17}-[0-9a-f]{16})\.([012])\.(dcm|hl7|json|look)$/;

/** Ids sort by the time of receipt. */
export function newId(now: Date): string {
  return `${now.toISOString().replace(/\D/g, "")}-${randomBytes(8).toString("hex")}`;
}

export const receivedAtOf = (id: string): string =>
  id.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3}).*$/, "$1-$2-$3T$4:$5:$6.$7Z");

/** An hour's folder, so that none grows without end. */
export const folderOf = (id: string): string => id.slice(0, 10);

/** A file's name says enough to take it up again without its ledger. */
export const fileNameOf = ({ id, kind, urgency }: Pick<Item, "id" | "kind" | "urgency">): string =>
  `${id}.${URGENCIES.indexOf(urgency)}.${EXTENSION[kind]}`;

export function namedBy(fileName: string): Pick<Item, "id" | "kind" | "urgency"> | undefined {
  const [, id, rank, extension] = NAME.exec(fileName) ?? [];
  const kind = KINDS.find((one) => EXTENSION[one] === extension);
  const urgency = URGENCIES[Number(rank)];
  return id && kind && urgency ? { id, kind, urgency } : undefined;
}
