import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type DicomJson, EXPLICIT_LITTLE, IMPLICIT_LITTLE } from "@weald/dicom";
import type { ApplicationEntity } from "../config.ts";
import {
  Accept,
  type Association,
  association,
  type Context,
  Peer,
  type Request,
  type Response,
  requests,
  StreamedStore,
  written,
} from "./library.ts";
import { PduGate } from "./pdu-gate.ts";
import { type ConnectTo, STATUS } from "./service.ts";
import { STORAGE_COMMITMENT, STORAGE_COMMITMENT_INSTANCE } from "./sop-classes.ts";

/** The system that was called refused, or can't be reached. */
export class CallFailed extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const CONNECT_MS = 15_000;
const LIMITS = { maxPduBytes: 262_144, associationMs: CONNECT_MS, pduMs: 60_000, idleMs: 300_000 };

export type Called = { entity: ApplicationEntity; callingTitle: string };

/** By who signed it: the certificates of scanners seldom name the address under which they are called. */
const trustOf = ({ authorityFile }: NonNullable<ApplicationEntity["tls"]>) => ({
  minVersion: "TLSv1.2" as const,
  checkServerIdentity: () => undefined,
  ...(authorityFile ? { ca: readFileSync(authorityFile) } : {}),
});

function connected({ host, port, tls }: ApplicationEntity): Promise<Socket> {
  if (!host || !port) return Promise.reject(new CallFailed("NO_ADDRESS", "No host and port are registered."));
  return new Promise((resolve, reject) => {
    const failed = () => reject(new CallFailed("UNREACHABLE", "The system can't be reached."));
    const socket: Socket = tls
      ? connectTls({ host, port, ...trustOf(tls) }, () => resolve(socket))
      : connect({ host, port }, () => resolve(socket));
    socket.setTimeout(CONNECT_MS, () => socket.destroy()).once("close", failed);
    socket.once("error", failed);
  });
}

const COMMAND = 1;
const LAST = 2;
const MOST_PDU_BYTES = 262_144;

/** One P-DATA-TF with one fragment. @see DICOM PS3.8 §9.3.5 */
function dataPdu(contextId: number, fragment: Uint8Array, flags: number): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt8(4, 0);
  head.writeUInt32BE(fragment.length + 6, 2);
  head.writeUInt32BE(fragment.length + 2, 6);
  head.writeUInt8(contextId, 10);
  head.writeUInt8(flags, 11);
  return Buffer.concat([head, fragment]);
}

/** The same bytes in pieces of one size; the last may be shorter, and is known as the last. */
async function* fragments(source: AsyncIterable<Uint8Array>, size: number) {
  let held: Buffer = Buffer.alloc(0);
  for await (const piece of source) {
    held = held.length === 0 ? Buffer.from(piece) : Buffer.concat([held, piece]);
    for (; held.length > size; held = held.subarray(size))
      yield { bytes: held.subarray(0, size), isLast: false };
  }
  yield { bytes: held, isLast: true };
}

/** The calling side of one association. */
export class CallingSide extends Peer {
  /** Sends an object piece by piece, and waits for the status. */
  storeStream(request: StreamedStore, context: Context): Promise<Response> {
    return this.#answered(request, () => {
      request.setMessageId(this._getNextMessageId());
      this.pending.push(request);
      this.#sendStream(request, context.getPresentationContextId()).catch(() => this.gate.destroy());
    }).finally(() => {
      this.pending = this.pending.filter((one) => one !== request);
    });
  }

  async #sendStream(request: StreamedStore, contextId: number): Promise<void> {
    const most = this.association?.getMaxPduLength() || MOST_PDU_BYTES;
    const command = request.getCommandDataset().getDenaturalizedCommandDataset();
    this.gate.write(dataPdu(contextId, command, COMMAND | LAST));
    for await (const { bytes, isLast } of fragments(request.source, Math.min(most, MOST_PDU_BYTES) - 6)) {
      this.gate.write(dataPdu(contextId, bytes, isLast ? LAST : 0));
      await this.gate.drained();
      if (this.gate.isClosed) return;
    }
  }

  /** Sends one request and waits for its last response. */
  ask(request: Request): Promise<Response> {
    return this.#answered(request, () => this.sendRequests(request));
  }

  #answered(request: Request, send: () => void): Promise<Response> {
    return new Promise((resolve, reject) => {
      const closed = () => reject(new CallFailed("CONNECTION_LOST", "The system closed the connection."));
      this.gate.once("close", closed);
      let last: Response | undefined;
      request.on("response", (response: Response) => {
        last = response;
      });
      request.on("done", () => {
        this.gate.off("close", closed);
        if (last) resolve(last);
        else reject(new CallFailed("NO_CONTEXT", "The system does not take this."));
      });
      send();
    });
  }

  release(): void {
    this.once("associationReleaseResponse", () => this.gate.end());
    this.sendAssociationReleaseRequest();
    setTimeout(() => this.gate.destroy(), 2000).unref();
  }
}

/** @throws {CallFailed} `NO_ADDRESS`, `UNREACHABLE`, `REJECTED`, `CONNECTION_LOST` */
export async function call(
  { entity, callingTitle }: Called,
  propose: (proposal: Association) => void,
): Promise<CallingSide> {
  const socket = await connected(entity);
  socket.setTimeout(0).removeAllListeners("close").removeAllListeners("error");
  const proposal = new association.Association(callingTitle, entity.title);
  propose(proposal);
  const side = new CallingSide(new PduGate(socket, LIMITS));
  return new Promise((resolve, reject) => {
    const closed = () => reject(new CallFailed("CONNECTION_LOST", "The system closed the connection."));
    side.gate.once("close", closed);
    side.on("networkError", () => side.gate.destroy());
    side.on("abort", () => side.gate.destroy());
    side.on("associationRejected", () => {
      reject(new CallFailed("REJECTED", "The system refused the association."));
      side.gate.destroy();
    });
    side.on("associationAccepted", () => {
      side.gate.off("close", closed);
      resolve(side);
    });
    side.sendAssociationRequest(proposal);
  });
}

/** Reports a storage commitment on an association of our own, in the role of its provider. @see DICOM PS3.4 §J.3.3 */
export async function reportCommitment(
  { entity, calledTitle }: { entity: ApplicationEntity; calledTitle: string },
  eventTypeId: number,
  information: DicomJson,
): Promise<boolean> {
  let side: CallingSide | undefined;
  try {
    side = await call({ entity, callingTitle: calledTitle }, (proposal) => {
      const id = proposal.addPresentationContext(STORAGE_COMMITMENT);
      for (const syntax of [EXPLICIT_LITTLE, IMPLICIT_LITTLE])
        proposal.addTransferSyntaxToPresentationContext(id, syntax);
      const context = proposal.getPresentationContext(id);
      context.setUserRole(false);
      context.setProviderRole(true);
    });
    const context = side.association?.getPresentationContexts()[0]?.context;
    if (context?.getResult() !== Accept) return false;
    const request = new requests.NEventReportRequest(
      STORAGE_COMMITMENT,
      STORAGE_COMMITMENT_INSTANCE,
      eventTypeId,
    );
    request.setDataset(written(information, context));
    const response = await side.ask(request);
    return response.getStatus() === STATUS.success;
  } catch (error) {
    if (error instanceof CallFailed) return false;
    throw error;
  } finally {
    side?.release();
  }
}

/** Opens an association on which stored objects are sent on, as the sub-operations of a C-MOVE. */
export const connectTo: ConnectTo = async ({ entity, caller, messageId }, proposals) => {
  const side = await call({ entity, callingTitle: caller.calledTitle }, (proposal) => {
    for (const { sopClassUid, transferSyntaxUid } of proposals)
      proposal.addTransferSyntaxToPresentationContext(
        proposal.addPresentationContext(sopClassUid),
        transferSyntaxUid,
      );
  });
  const contexts = (side.association?.getPresentationContexts() ?? [])
    .map(({ context }) => context)
    .filter((context) => context.getResult() === Accept);
  const contextOf = (sopClassUid: string, syntax: string) =>
    contexts.find(
      (context) =>
        context.getAbstractSyntaxUid() === sopClassUid && context.getAcceptedTransferSyntaxUid() === syntax,
    );
  return {
    accepted: (sopClassUid) =>
      contexts.flatMap((context) => {
        const syntax = context.getAcceptedTransferSyntaxUid();
        return context.getAbstractSyntaxUid() === sopClassUid && syntax ? [syntax] : [];
      }),
    async store({ sopClassUid, sopInstanceUid, transferSyntaxUid }, source) {
      const context = contextOf(sopClassUid, transferSyntaxUid);
      if (!context) throw new CallFailed("NO_CONTEXT", "The system does not take this.");
      const request = new StreamedStore(sopClassUid, sopInstanceUid, source);
      request.from(caller.entity.title, messageId);
      return (await side.storeStream(request, context)).getStatus();
    },
    release: () => side.release(),
  };
};
