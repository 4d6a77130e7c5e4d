import { URGENCIES, type Urgency } from "../ports/index.ts";

/** What arrives: a DICOM object or one HL7 v2 message. */
export type ArrivalKind = "dicom" | "hl7";

export type InboxPlace = {
  custodian: string;
  uploadId: string;
  itemId: string;
  kind: ArrivalKind;
  /** Which queue is told of it. `direct`: none; its sender's door has it taken in at once. What is left there the sweep finds, as routine. */
  lane: Lane;
};
export type Lane = Urgency | "direct";

const EXTENSION: Record<ArrivalKind, string> = { dicom: "dcm", hl7: "hl7" };
/** As notifications watch them (infra/ingest.ts), but for `direct`. */
const FOLDER: Record<Lane, string> = { urgent: "urgent", routine: "inbox", bulk: "bulk", direct: "direct" };
const LANES: readonly Lane[] = [...URGENCIES, "direct"];
/** Most urgent first. */
export const INBOX_FOLDERS: readonly string[] = LANES.map((lane) => `${FOLDER[lane]}/`);
const KEY = /^([a-z]+)\/([A-Z0-9]{3,6})\/([0-9a-f-]{36})\/([0-9a-f-]{36})\.(dcm|hl7)$/;

/** Below the folder of its lane. Only the sender, who is of that trust, ever sees this key. */
export const inboxKey = ({ custodian, uploadId, itemId, kind, lane }: InboxPlace): string =>
  `${FOLDER[lane]}/${custodian}/${uploadId}/${itemId}.${EXTENSION[kind]}`;

export function placeOf(key: string): InboxPlace | undefined {
  const [, folder, custodian, uploadId, itemId, extension] = KEY.exec(key) ?? [];
  const lane = LANES.find((one) => FOLDER[one] === folder);
  if (!lane || !custodian || !uploadId || !itemId) return undefined;
  return {
    custodian,
    uploadId,
    itemId,
    kind: extension === "hl7" ? "hl7" : "dicom",
    lane,
  };
}

/** Where an object waits for a person. Not watched by notifications. */
export const quarantineKey = (itemId: string): string => `quarantine/${itemId}`;

/** The item of an object that waits for a person. */
export const itemOfQuarantineKey = (key: string): string | undefined =>
  /^quarantine\/([0-9a-f-]{36})$/.exec(key)?.[1];
