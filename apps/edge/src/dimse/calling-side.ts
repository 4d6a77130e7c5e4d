import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type DicomJson, EXPLICIT_LITTLE, IMPLICIT_LITTLE } from "@weald/dicom";
import type { ApplicationEntity } from "../config.ts";
import {
  Accept,
  type Association,
  association,
  Peer,
  type Request,
  type Response,
  requests,
  written,
} from "./library.ts";
import { PduGate } from "./pdu-gate.ts";
import { STATUS } from "./service.ts";
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

function connected({ host, port, tls }: ApplicationEntity): Promise<Socket> {
  if (!host || !port) return Promise.reject(new CallFailed("NO_ADDRESS", "No host and port are registered."));
  return new Promise((resolve, reject) => {
    const failed = () => reject(new CallFailed("UNREACHABLE", "The system can't be reached."));
    const socket: Socket = tls
      ? connectTls({ host, port, rejectUnauthorized: false }, () => resolve(socket))
      : connect({ host, port }, () => resolve(socket));
    socket.setTimeout(CONNECT_MS, () => socket.destroy()).once("close", failed);
    socket.once("error", failed);
  });
}

/** The calling side of one association. */
export class CallingSide extends Peer {
  /** Sends one request and waits for its last response. */
  ask(request: Request): Promise<Response> {
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
      this.sendRequests(request);
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
