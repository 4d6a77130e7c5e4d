import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import { type DicomJson, writeDataset } from "@weald/dicom";
import dimse from "dcmjs-dimse";
import type { PduGate } from "./pdu-gate.ts";

// All of `dcmjs-dimse` that this gateway leans on, also what it doesn't declare. Its version is pinned; tests/contract/dimse
// would see each of these change.

type Association = InstanceType<typeof dimse.association.Association>;
type Context = InstanceType<typeof dimse.association.PresentationContext>;
type Dataset = InstanceType<typeof dimse.Dataset>;
type Request = InstanceType<typeof dimse.requests.Request>;
type Response = InstanceType<typeof dimse.responses.Response>;
export type Command = Request | Response;
export type { Association, Context, Dataset, Request, Response };

export const { Accept, RejectAbstractSyntaxNotSupported, RejectTransferSyntaxesNotSupported } =
  dimse.constants.PresentationContextResult;
export const { requests, responses, association } = dimse;

type Internals = {
  pending: Command[];
  _getNextMessageId(): number;
  association: Association | undefined;
  /** Holds the command, then the data set, of what isn't a C-STORE. */
  dimseStream: { toBuffer(): Buffer } | undefined;
  dimse: Command | undefined;
  _processPDataTf(pdu: { getPdvs(): { getValue(): Buffer }[] }): Promise<void>;
  _performDimse(context: Context, command: Command): void;
  _sendDimse(message: { context: Context; command: Command }): void;
  _sendPDataTF(command: Command, contextId: number, maxPduBytes: number): void;
};

const NEVER_MS = 2 ** 31 - 1;
const TIMEOUTS = { connectTimeout: NEVER_MS, associationTimeout: NEVER_MS, pduTimeout: NEVER_MS };

/** C-STORE whose data set comes from elsewhere, piece by piece: the library would want it whole. */
export class StreamedStore extends dimse.requests.CStoreRequest {
  readonly source: AsyncIterable<Uint8Array>;
  constructor(sopClassUid: string, sopInstanceUid: string, source: AsyncIterable<Uint8Array>) {
    super(undefined as unknown as string);
    this.source = source;
    this.setAffectedSopClassUid(sopClassUid);
    this.setAffectedSopInstanceUid(sopInstanceUid);
    this.getCommandDataset().setElement("CommandDataSetType", HAS_DATASET as unknown as string);
  }
  /** Whose C-MOVE this is a part of. */
  from(title: string, messageId: number): void {
    this.getCommandDataset().setElement("MoveOriginatorApplicationEntityTitle", title);
    this.getCommandDataset().setElement("MoveOriginatorMessageID", messageId as unknown as string);
  }
}
const HAS_DATASET = 0x0202;

type Made = InstanceType<typeof dimse.Scp> & Internals;
const Base = dimse.Scp as unknown as new (socket: Socket, options: typeof TIMEOUTS) => Made;

dimse.log.setLevel("silent");
dimse.Implementation.setImplementationClassUid("2.25.307208419353847192834751029384756102");
dimse.Implementation.setImplementationVersion("WEALD_1");

/** One side of an association, over a gate. The library's own timeouts are off: the gate's hold. */
export class Peer extends Base {
  readonly gate: PduGate;
  constructor(gate: PduGate) {
    super(gate as unknown as Socket, TIMEOUTS);
    this.gate = gate;
  }
}

/** Our bytes, which the library neither reads nor writes anew. */
class WrittenDataset extends dimse.Dataset {
  readonly #bytes: Buffer;
  constructor(bytes: Uint8Array, transferSyntaxUid: string) {
    super({}, transferSyntaxUid);
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  override getDenaturalizedDataset(): Buffer {
    return this.#bytes;
  }
}

export const written = (dataset: DicomJson, context: Context): Dataset =>
  written_(dataset, context.getAcceptedTransferSyntaxUid() ?? "1.2.840.10008.1.2");
const written_ = (dataset: DicomJson, syntax: string): Dataset =>
  new WrittenDataset(writeDataset(dataset, syntax), syntax);

export const asWritable = (queue: object): Writable => queue as Writable;
export const noDataset = undefined as unknown as Dataset;
export const setMaxPduBytes = (bytes: number) => dimse.Implementation.setMaxPduLength(bytes);

/** @see DICOM PS3.7 §9.3, §10.3 */
export const FIELD = {
  cStore: 0x0001,
  cFind: 0x0020,
  cMove: 0x0021,
  cEcho: 0x0030,
  cCancel: 0x0fff,
  nEventReport: 0x0100,
  nSet: 0x0120,
  nAction: 0x0130,
  nCreate: 0x0140,
  isResponse: 0x8000,
} as const;
