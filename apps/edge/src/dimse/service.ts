import type { DicomJson } from "@weald/dicom";
import type { ApplicationEntity } from "../config.ts";

/** Who calls, and by which of our names. What stands behind it is the gateway's; the library ends at this file. */
export type Caller = { entity: ApplicationEntity; calledTitle: string };

export type Recognised = Caller | "calling-not-recognised" | "called-not-recognised" | "too-many";

export type StoreRequest = {
  sopClassUid: string;
  sopInstanceUid: string;
  transferSyntaxUid: string;
  priority: "high" | "medium" | "low";
};

/** @see DICOM PS3.7 annex C, PS3.4 §B.2.3 */
export const STATUS = {
  success: 0x0000,
  invalidAttribute: 0x0106,
  processingFailure: 0x0110,
  duplicateInstance: 0x0111,
  noSuchObject: 0x0112,
  invalidArgument: 0x0115,
  noSuchSopClass: 0x0118,
  classConflict: 0x0119,
  notAuthorised: 0x0124,
  resourceLimitation: 0x0213,
  outOfResources: 0xa700,
  moveFailed: 0xa702,
  destinationUnknown: 0xa801,
  identifierMismatch: 0xa900,
  someFailed: 0xb000,
  cannotUnderstand: 0xc000,
  unableToProcess: 0xc001,
  cancelled: 0xfe00,
  pending: 0xff00,
} as const;

/** How a command ended: 0000 is success. @see DICOM PS3.7 annex C */
export type Ended = { status: number; comment?: string };

/** Takes the data set of one C-STORE as it comes, and says how it ended. */
export type StoreSink = {
  write(piece: Uint8Array): Promise<void>;
  /** Success only once the object is durable. */
  finish(): Promise<Ended>;
  abandon(): Promise<void>;
};

export type FindRequest = { model: "study" | "worklist"; identifier: DicomJson };

export type MoveRequest = {
  identifier: DicomJson;
  destination: string;
  /** Told to the destination with each object. */
  messageId: number;
};

export type MoveCount = { remaining: number; completed: number; failed: number; warning: number };
export type Moved = Ended & { count: MoveCount; failedUids: string[] };

/** `sopInstanceUid` is ours to give where the modality gives none. */
export type StepRequest = {
  way: "create" | "set";
  sopInstanceUid: string | undefined;
  attributes: DicomJson;
};

/** Ends a C-FIND or C-MOVE with this status. */
export class DimseRefused extends Error {
  readonly status: number;
  constructor(status: number, comment: string, cause?: unknown) {
    super(comment, { cause });
    this.status = status;
  }
}

export type DimseService = {
  recognise(calling: string, called: string, address: string): Recognised;
  left(caller: Caller): void;
  /** Is this asked for by this caller at all? */
  offers(caller: Caller, sopClassUid: string): boolean;
  beginStore(caller: Caller, request: StoreRequest): StoreSink;
  /** Each match as its own data set; `say` is told what stands beside the last response. @throws {DimseRefused} */
  find(
    caller: Caller,
    request: FindRequest,
    way: { say: (comment: string) => void; signal: AbortSignal },
  ): AsyncIterable<DicomJson>;
  /** Sends what is asked for to a registered system; `tell` says how far it is. @throws {DimseRefused} */
  move(
    caller: Caller,
    request: MoveRequest,
    way: { tell: (count: MoveCount) => Promise<void>; signal: AbortSignal },
  ): Promise<Moved>;
  /** A modality's word on what it does: N-CREATE and N-SET of a performed procedure step. */
  step(caller: Caller, request: StepRequest): Promise<Ended & { sopInstanceUid: string }>;
  /** Storage commitment: takes the request, and reports by `report` on this association while that returns true. */
  commit(caller: Caller, request: DicomJson, report: CommitReport): Promise<Ended>;
};

/** Sends an N-EVENT-REPORT on the association that asked; false when it is gone or refuses. */
export type CommitReport = (eventTypeId: number, information: DicomJson) => Promise<boolean>;

/** A store sub-operation's other end. Ends with `release`. */
export type Destination = {
  /** Which of these syntaxes the destination takes objects of this class in. */
  accepted(sopClassUid: string): readonly string[];
  store(
    object: { sopClassUid: string; sopInstanceUid: string; transferSyntaxUid: string },
    source: AsyncIterable<Uint8Array>,
  ): Promise<number>;
  release(): void;
};

export type Proposal = { sopClassUid: string; transferSyntaxUid: string };
export type ConnectTo = (
  way: { entity: ApplicationEntity; caller: Caller; messageId: number },
  proposals: readonly Proposal[],
) => Promise<Destination>;
