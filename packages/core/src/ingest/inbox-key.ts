/** What arrives: a DICOM object or one HL7 v2 message. */
export type ArrivalKind = "dicom" | "hl7";

export type InboxPlace = {
  custodian: string;
  uploadId: string;
  itemId: string;
  kind: ArrivalKind;
  /** Its sender's door has it taken in at once: no notification tells of it. What is left there, the sweep finds. */
  isDirect?: true;
};

const EXTENSION: Record<ArrivalKind, string> = { dicom: "dcm", hl7: "hl7" };
export const INBOX_FOLDERS = ["inbox/", "direct/"] as const;
const KEY = /^(inbox|direct)\/([A-Z0-9]{3,6})\/([0-9a-f-]{36})\/([0-9a-f-]{36})\.(dcm|hl7)$/;

/** Below `inbox/`, which notifications watch, or `direct/`. Only the sender, who is of that trust, ever sees this key. */
export const inboxKey = ({ custodian, uploadId, itemId, kind, isDirect }: InboxPlace): string =>
  `${isDirect ? "direct" : "inbox"}/${custodian}/${uploadId}/${itemId}.${EXTENSION[kind]}`;

export function placeOf(key: string): InboxPlace | undefined {
  const [, folder, custodian, uploadId, itemId, extension] = KEY.exec(key) ?? [];
  if (!custodian || !uploadId || !itemId) return undefined;
  return {
    custodian,
    uploadId,
    itemId,
    kind: extension === "hl7" ? "hl7" : "dicom",
    ...(folder === "direct" ? { isDirect: true } : {}),
  };
}

/** Where an object waits for a person. Not watched by notifications. */
export const quarantineKey = (itemId: string): string => `quarantine/${itemId}`;

/** The item of an object that waits for a person. */
export const itemOfQuarantineKey = (key: string): string | undefined =>
  /^quarantine\/([0-9a-f-]{36})$/.exec(key)?.[1];
