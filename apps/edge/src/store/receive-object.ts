import { readDatasetHead, text, writeMetaHeader } from "@weald/dicom";
import type { ApplicationEntity, EdgeConfig } from "../config.ts";
import { type Caller, type Ended, STATUS, type StoreRequest, type StoreSink } from "../dimse/service.ts";
import { type Incoming, type Spool, SpoolFull, type Urgency } from "../ledger/index.ts";

const MOST_BYTES = 4 * 1024 ** 3;
const HEAD_BYTES = 16 * 1024;
const MODALITY = "00080060";
const SOP_INSTANCE_UID = "00080018";

const FULL: Ended = { status: STATUS.outOfResources, comment: "The gateway's disk is nearly full." };
const TOO_LARGE: Ended = { status: STATUS.cannotUnderstand, comment: "The object is larger than 4 GB." };

export const sopKey = (sopInstanceUid: string): string => `sop:${sopInstanceUid}`;

type Judged = {
  entity: ApplicationEntity;
  priority: StoreRequest["priority"];
  modality: string | undefined;
  urgencyOfModality: EdgeConfig["urgencyOfModality"];
};

/** The sender's own entry says most, then the sender, then the modality. */
export function urgencyOf({ entity, priority, modality, urgencyOfModality }: Judged): Urgency {
  if (entity.urgency) return entity.urgency;
  if (priority === "high") return "urgent";
  return urgencyOfModality[modality ?? ""] ?? (priority === "low" ? "bulk" : "routine");
}

const isFull = (error: unknown): boolean =>
  error instanceof SpoolFull || (error instanceof Error && "code" in error && error.code === "ENOSPC");

/** One C-STORE: our meta header, then the data set exactly as it comes, into the spool. */
export class ObjectSink implements StoreSink {
  #spool: Spool;
  #caller: Caller;
  #request: StoreRequest;
  #urgencies: EdgeConfig["urgencyOfModality"];
  #incoming: Incoming | undefined;
  #head: Uint8Array[] = [];
  #sizeBytes = 0;
  #refused: Ended | undefined;

  constructor(
    { spool, config }: { spool: Spool; config: EdgeConfig },
    { caller, request }: { caller: Caller; request: StoreRequest },
  ) {
    this.#spool = spool;
    this.#caller = caller;
    this.#request = request;
    this.#urgencies = config.urgencyOfModality;
  }

  async #begun(): Promise<Incoming> {
    if (this.#incoming) return this.#incoming;
    this.#incoming = await this.#spool.begin();
    const { sopClassUid, sopInstanceUid, transferSyntaxUid } = this.#request;
    const sourceAeTitle = this.#caller.entity.title;
    await this.#incoming.write(
      writeMetaHeader({ sopClassUid, sopInstanceUid, transferSyntaxUid, sourceAeTitle }),
    );
    return this.#incoming;
  }

  /** What was refused is read to its end and dropped: DIMSE has no other way to say so. */
  async write(piece: Uint8Array): Promise<void> {
    if (this.#refused) return;
    try {
      const incoming = await this.#begun();
      if (this.#sizeBytes < HEAD_BYTES) this.#head.push(piece);
      this.#sizeBytes += piece.length;
      if (this.#sizeBytes > MOST_BYTES) return await this.#refuse(TOO_LARGE);
      await incoming.write(piece);
    } catch (error) {
      if (!isFull(error)) throw error;
      await this.#refuse(FULL);
    }
  }

  async #refuse(ended: Ended): Promise<void> {
    this.#refused = ended;
    await this.abandon();
  }

  async finish(): Promise<Ended> {
    if (this.#refused) return this.#refused;
    const incoming = this.#incoming;
    if (!incoming) return { status: STATUS.cannotUnderstand, comment: "The object is empty." };
    const head = readDatasetHead(Buffer.concat(this.#head), this.#request.transferSyntaxUid, MODALITY);
    const { entity } = this.#caller;
    const { priority, sopClassUid, sopInstanceUid } = this.#request;
    const modality = head && text(head, MODALITY);
    // The object is known by what it says of itself, and by what its sender called it.
    const uids = new Set([sopInstanceUid, (head && text(head, SOP_INSTANCE_UID)) ?? sopInstanceUid]);
    try {
      await incoming.keep({
        kind: "dicom",
        urgency: urgencyOf({ entity, priority, modality, urgencyOfModality: this.#urgencies }),
        stream: entity.title,
        keys: [...uids].map(sopKey),
        sopClassUid,
      });
      return { status: STATUS.success };
    } catch (error) {
      await incoming.abandon();
      if (!isFull(error)) throw error;
      return FULL;
    }
  }

  async abandon(): Promise<void> {
    await this.#incoming?.abandon();
    this.#head = [];
  }
}
