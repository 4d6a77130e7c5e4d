import {
  type DicomJson,
  EXPLICIT_LITTLE,
  IMPLICIT_LITTLE,
  isKnownTransferSyntax,
  readDataset,
} from "@weald/dicom";
import type { Log } from "../log.ts";
import {
  Accept,
  type Association,
  asWritable,
  type Command,
  type Context,
  type Dataset,
  FIELD,
  noDataset,
  Peer,
  RejectAbstractSyntaxNotSupported,
  RejectTransferSyntaxesNotSupported,
  type Request,
  type Response,
  requests,
  responses,
  written,
} from "./library.ts";
import type { PduGate } from "./pdu-gate.ts";
import {
  type Caller,
  DimseRefused,
  type DimseService,
  type Ended,
  type MoveCount,
  type Recognised,
  STATUS,
} from "./service.ts";
import {
  isStorage,
  STORAGE_COMMITMENT,
  STORAGE_COMMITMENT_INSTANCE,
  VERIFICATION,
  WORKLIST_FIND,
} from "./sop-classes.ts";
import { StoreQueue } from "./store-queue.ts";

const FAILED_SOP_UIDS = "00080058";
const MOST_RUNNING = 4;
const MOST_HELD_BYTES = 16 * 1024 * 1024;
const COMMENT_CHARACTERS = 64;
const SERVICE_USER = 1;
const SERVICE_PROVIDER_PRESENTATION = 3;

/** Result, source, reason. @see DICOM PS3.8 §9.3.4 */
const REJECTION: Record<Exclude<Recognised, Caller>, [number, number, number]> = {
  "calling-not-recognised": [1, SERVICE_USER, 3],
  "called-not-recognised": [1, SERVICE_USER, 7],
  "too-many": [2, SERVICE_PROVIDER_PRESENTATION, 2],
};

/** The syntaxes of a query's own data sets. */
const MESSAGE_SYNTAXES = [EXPLICIT_LITTLE, IMPLICIT_LITTLE];
const PRIORITY: Record<number, "high" | "medium" | "low"> = { 0: "medium", 1: "high", 2: "low" };

/** As it is on the sender's disk, where it can be told: the first that is offered and known, big endian and implicit last. */
function storageSyntax(offered: readonly string[]): string | undefined {
  const last = (uid: string) => (uid === IMPLICIT_LITTLE ? 2 : uid === "1.2.840.10008.1.2.2" ? 1 : 0);
  const known = offered.filter(isKnownTransferSyntax).toSorted((a, b) => last(a) - last(b));
  return known[0] ?? offered[0];
}

const isResponse = (command: Command): command is Response =>
  (command.getCommandFieldType() & FIELD.isResponse) !== 0;

/** The called side of one association. */
export class AssociationSide extends Peer {
  #service: DimseService;
  #log: Log;
  #address: string;
  #caller: Caller | undefined;
  #store: StoreQueue | undefined;
  #stored: Ended = { status: STATUS.processingFailure };
  #heldBytes = 0;
  #running = new Map<number, AbortController>();
  #transferSyntaxUid = IMPLICIT_LITTLE;

  constructor(gate: PduGate, options: { service: DimseService; log: Log; address: string }) {
    super(gate);
    this.#service = options.service;
    this.#log = options.log;
    this.#address = options.address;
    this.on("networkError", () => this.#drop("association.broken"));
    gate.on("refused", () => this.#log({ level: "warn", event: "association.pdu-refused" }));
    gate.on("late", () => this.#log({ level: "warn", event: "association.late" }));
    gate.on("close", () => this.#closed());
  }

  #drop(event: string): void {
    this.#log({ level: "warn", event });
    this.gate.destroy();
  }

  #closed(): void {
    for (const one of this.#running.values()) one.abort();
    void this.#store?.abandon();
    if (this.#caller) this.#service.left(this.#caller);
    this.#caller = undefined;
  }

  override associationRequested(asked: Association): void {
    // One connection is one association.
    if (this.#caller) {
      this.#drop("association.requested-twice");
      return;
    }
    const recognised = this.#service.recognise(
      asked.getCallingAeTitle(),
      asked.getCalledAeTitle(),
      this.#address,
    );
    if (typeof recognised === "string") {
      this.#log({ level: "warn", event: "association.refused", why: recognised });
      this.sendAssociationReject(...REJECTION[recognised]);
      this.gate.end();
      return;
    }
    this.#caller = recognised;
    for (const { context } of asked.getPresentationContexts()) this.#judge(recognised, context);
    // Ours is also the limit for who knows none: the library would announce theirs.
    if (asked.getMaxPduLength() === 0) asked.setMaxPduLength(2 ** 31);
    this.sendAssociationAccept();
  }

  #judge(caller: Caller, context: Context): void {
    const sopClassUid = context.getAbstractSyntaxUid();
    const offered = context.getTransferSyntaxUids();
    const isService = sopClassUid === VERIFICATION || this.#service.offers(caller, sopClassUid);
    if (!isService && !isStorage(sopClassUid)) {
      context.setResult(RejectAbstractSyntaxNotSupported);
      return;
    }
    if (context.getProviderRole() !== undefined) context.setProviderRole(false);
    const chosen = isService ? MESSAGE_SYNTAXES.find((uid) => offered.includes(uid)) : storageSyntax(offered);
    if (chosen) context.setResult(Accept, chosen);
    else context.setResult(RejectTransferSyntaxesNotSupported);
  }

  override associationReleaseRequested(): void {
    this.sendAssociationReleaseResponse();
    this.gate.end();
  }

  override abort(): void {
    this.gate.destroy();
  }

  override async _processPDataTf(pdu: Parameters<Peer["_processPDataTf"]>[0]): Promise<void> {
    if (!this.#store) {
      this.#heldBytes += pdu.getPdvs().reduce((sum, pdv) => sum + pdv.getValue().length, 0);
      // A data set that is no object is held in memory by the library.
      if (this.#heldBytes > MOST_HELD_BYTES && this.dimse?.getCommandFieldType() !== FIELD.cStore)
        return this.#drop("association.message-too-large");
    }
    return super._processPDataTf(pdu);
  }

  override createStoreWritableStream(context: Context, request: InstanceType<typeof requests.CStoreRequest>) {
    const sink = this.#caller
      ? this.#service.beginStore(this.#caller, {
          sopClassUid: String(request.getAffectedSopClassUid()),
          sopInstanceUid: String(request.getAffectedSopInstanceUid()),
          transferSyntaxUid: context.getAcceptedTransferSyntaxUid() ?? IMPLICIT_LITTLE,
          priority: PRIORITY[request.getPriority()] ?? "medium",
        })
      : undefined;
    if (!sink || context.getResult() !== Accept) throw new Error("no context was agreed for this");
    this.#store = new StoreQueue(sink, this.gate);
    return asWritable(this.#store);
  }

  /** The next command is read when this one has its answer. */
  override createDatasetFromStoreWritableStream(
    _writable: unknown,
    _context: Context,
    done: (dataset: Dataset) => void,
  ): void {
    const store = this.#store;
    const release = this.gate.hold();
    const failed: Ended = { status: STATUS.processingFailure, comment: "The gateway could not keep it." };
    Promise.resolve(store?.finish() ?? failed)
      .catch((error: unknown) => {
        const why = error instanceof Error && "code" in error ? String(error.code) : "INTERNAL";
        this.#log({ level: "error", event: "store.failed", why });
        return failed;
      })
      .then((ended) => {
        this.#stored = ended;
        done(noDataset);
      })
      .catch(() => this.#drop("association.broken"))
      .finally(() => {
        this.#store = undefined;
        release();
      });
  }

  override _performDimse(context: Context, command: Command): void {
    const held = this.dimseStream;
    // The library would put the next command behind this one.
    this.dimseStream = undefined;
    this.#heldBytes = 0;
    if (isResponse(command)) {
      super._performDimse(context, command);
      return;
    }
    const hasDataset = command.getCommandFieldType() !== FIELD.cStore && command.hasDataset();
    this.#transferSyntaxUid = context.getAcceptedTransferSyntaxUid() ?? IMPLICIT_LITTLE;
    this.#perform(context, command, hasDataset ? held?.toBuffer() : undefined).catch((error: unknown) => {
      const why = error instanceof Error && "code" in error ? String(error.code) : "INTERNAL";
      this.#log({ level: "error", event: "dimse.failed", why });
      this.gate.destroy();
    });
  }

  async #perform(context: Context, request: Request, bytes: Buffer | undefined): Promise<void> {
    const caller = this.#caller;
    if (!caller || context.getResult() !== Accept) return this.#drop("association.context-not-agreed");
    const read = () => (bytes ? readDataset(bytes, this.#transferSyntaxUid) : {});
    if (request instanceof requests.CStoreRequest)
      return this.#answer(context, responses.CStoreResponse.fromRequest(request), this.#stored);
    if (request instanceof requests.CEchoRequest)
      return this.#answer(context, responses.CEchoResponse.fromRequest(request), { status: STATUS.success });
    if (request instanceof requests.NActionRequest) return this.#commit(context, caller, request, read());
    if (request instanceof requests.CFindRequest) return this.#find(context, caller, request, read());
    if (request instanceof requests.CMoveRequest) return this.#move(context, caller, request, read());
    if (request instanceof requests.NCreateRequest || request instanceof requests.NSetRequest)
      return this.#step(context, caller, request, read());
    if (request instanceof requests.CCancelRequest)
      return this.#running.get(request.getMessageIdBeingRespondedTo())?.abort();
    this.#drop("association.operation-unknown");
  }

  #answer(context: Context, response: Response, { status, comment }: Ended): void {
    response.setStatus(status);
    if (comment) response.setErrorComment(comment.slice(0, COMMENT_CHARACTERS));
    this._sendDimse({ context, command: response });
  }

  /** Until it has ended it can be cancelled, and it ends with the association. */
  async #cancellable(request: Request, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const stopping = new AbortController();
    const rested = this.gate.working();
    this.#running.set(request.getMessageId(), stopping);
    try {
      if (this.#running.size > MOST_RUNNING) return this.#drop("association.too-many-operations");
      await work(stopping.signal);
    } finally {
      this.#running.delete(request.getMessageId());
      rested();
    }
  }

  /** A refusal of ours, or whatever went wrong, as the status that ends the operation. */
  #endedBy(error: unknown, signal: AbortSignal): Ended {
    if (signal.aborted) return { status: STATUS.cancelled };
    if (error instanceof DimseRefused) return { status: error.status, comment: error.message };
    const why = error instanceof Error && "code" in error ? String(error.code) : "INTERNAL";
    this.#log({ level: "error", event: "dimse.operation-failed", why });
    return { status: STATUS.unableToProcess, comment: "The gateway failed." };
  }

  #find(
    context: Context,
    caller: Caller,
    request: InstanceType<typeof requests.CFindRequest>,
    identifier: DicomJson,
  ): Promise<void> {
    const sopClassUid = context.getAbstractSyntaxUid();
    const model = sopClassUid === WORKLIST_FIND ? "worklist" : "study";
    const responseWith = () => {
      const response = responses.CFindResponse.fromRequest(request);
      response.setAffectedSopClassUid(sopClassUid);
      return response;
    };
    return this.#cancellable(request, async (signal) => {
      let ended: Ended = { status: STATUS.success };
      try {
        const say = (comment: string) => {
          ended = { ...ended, comment };
        };
        for await (const match of this.#service.find(caller, { model, identifier }, { say, signal })) {
          if (signal.aborted || this.gate.isClosed) break;
          const response = responseWith();
          response.setDataset(written(match, context));
          this.#answer(context, response, { status: STATUS.pending });
          await this.gate.drained();
        }
        if (signal.aborted) ended = { status: STATUS.cancelled };
      } catch (error) {
        ended = this.#endedBy(error, signal);
      }
      this.#answer(context, responseWith(), ended);
    });
  }

  #move(
    context: Context,
    caller: Caller,
    request: InstanceType<typeof requests.CMoveRequest>,
    identifier: DicomJson,
  ): Promise<void> {
    const responseWith = (count: MoveCount) => {
      const response = responses.CMoveResponse.fromRequest(request);
      response.setRemaining(count.remaining);
      response.setCompleted(count.completed);
      response.setFailures(count.failed);
      response.setWarnings(count.warning);
      return response;
    };
    const destination = String(request.getCommandDataset().getElement("MoveDestination") ?? "").trim();
    let last: MoveCount = { remaining: 0, completed: 0, failed: 0, warning: 0 };
    return this.#cancellable(request, async (signal) => {
      const tell = async (count: MoveCount) => {
        last = count;
        this.#answer(context, responseWith(count), { status: STATUS.pending });
        await this.gate.drained();
      };
      let ended: Ended;
      let failedUids: string[] = [];
      try {
        const messageId = request.getMessageId();
        const moved = await this.#service.move(
          caller,
          { identifier, destination, messageId },
          { tell, signal },
        );
        ended = moved;
        ({ count: last, failedUids } = moved);
      } catch (error) {
        ended = this.#endedBy(error, signal);
      }
      const response = responseWith(last);
      if (failedUids.length > 0)
        response.setDataset(written({ [FAILED_SOP_UIDS]: { vr: "UI", Value: failedUids } }, context));
      this.#answer(context, response, ended);
    });
  }

  async #step(
    context: Context,
    caller: Caller,
    request: InstanceType<typeof requests.NCreateRequest> | InstanceType<typeof requests.NSetRequest>,
    attributes: DicomJson,
  ): Promise<void> {
    const isCreate = request instanceof requests.NCreateRequest;
    const named = isCreate ? request.getAffectedSopInstanceUid() : request.getRequestedSopInstanceUid();
    const { sopInstanceUid, ...ended } = await this.#service.step(caller, {
      way: isCreate ? "create" : "set",
      sopInstanceUid: named || undefined,
      attributes,
    });
    const response = isCreate
      ? responses.NCreateResponse.fromRequest(request)
      : responses.NSetResponse.fromRequest(request);
    response.setAffectedSopClassUid(context.getAbstractSyntaxUid());
    response.setAffectedSopInstanceUid(sopInstanceUid);
    this.#answer(context, response, ended);
  }

  async #commit(
    context: Context,
    caller: Caller,
    request: InstanceType<typeof requests.NActionRequest>,
    dataset: DicomJson,
  ): Promise<void> {
    const response = responses.NActionResponse.fromRequest(request);
    if (request.getRequestedSopClassUid() !== STORAGE_COMMITMENT)
      return this.#answer(context, response, { status: STATUS.noSuchSopClass });
    const ended = await this.#service.commit(caller, dataset, (eventTypeId, information) =>
      this.#report(context, eventTypeId, information),
    );
    this.#answer(context, response, ended);
  }

  /** Asks the other side, on this association, and waits for its word. */
  #report(context: Context, eventTypeId: number, information: DicomJson): Promise<boolean> {
    if (this.gate.isClosed) return Promise.resolve(false);
    const request = new requests.NEventReportRequest(
      STORAGE_COMMITMENT,
      STORAGE_COMMITMENT_INSTANCE,
      eventTypeId,
    );
    request.setDataset(written(information, context));
    const rested = this.gate.working();
    return new Promise<boolean>((resolve) => {
      const closed = () => resolve(false);
      this.gate.once("close", closed);
      request.on("response", (response: Response) => {
        this.gate.off("close", closed);
        resolve(response.getStatus() === STATUS.success);
      });
      this.sendRequests(request);
    }).finally(rested);
  }
}
