import { EventEmitter } from "node:events";
import type { Socket } from "node:net";

export type GateLimits = {
  maxPduBytes: number;
  associationMs: number;
  pduMs: number;
  idleMs: number;
};

const HEAD_BYTES = 6;
/** Association requests name many contexts, whatever the size of a data PDU. */
const LEAST_BYTES = 128 * 1024;
/** Senders count the limit with and without the heads of PDU and PDV. */
const SLACK_BYTES = 1024;

/**
 * Stands between a socket and the library, which takes any length that a PDU states, copies what it gathers, and doesn't
 * hold a fast sender back. The gate lets whole PDUs through, one after the other, none longer than the limit, and none
 * while it is held; who is slow to send one, or says nothing, is cut off.
 *
 * @see DICOM PS3.8 §9.3
 */
export class PduGate extends EventEmitter {
  #socket: Socket;
  #limits: GateLimits;
  #head = Buffer.alloc(HEAD_BYTES);
  #headFilled = 0;
  #pdu: Buffer | undefined;
  #filled = 0;
  #holds = 0;
  #backlog: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isAssociated = false;
  #busy = 0;

  constructor(socket: Socket, limits: GateLimits) {
    super();
    this.#socket = socket;
    this.#limits = limits;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", (error) => this.emit("error", error));
    socket.on("close", () => {
      clearTimeout(this.#timer);
      this.emit("close");
    });
    this.#await(limits.associationMs);
  }

  /** The library's timeouts give way to ours. */
  setTimeout(): this {
    return this;
  }

  write(bytes: Uint8Array): boolean {
    return !this.#socket.destroyed && this.#socket.writable && this.#socket.write(bytes);
  }

  /** Until what was written has left, or the socket is closed. */
  async drained(): Promise<void> {
    if (!this.#socket.writableNeedDrain || this.#socket.destroyed) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#socket.off("drain", done).off("close", done);
        resolve();
      };
      this.#socket.once("drain", done).once("close", done);
    });
  }

  end(): void {
    this.#socket.end();
    // Who doesn't close its own side is not waited for.
    setTimeout(() => this.#socket.destroy(), 2000).unref();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  /** While it is held nothing more is read. Each hold is released once. */
  hold(): () => void {
    this.#holds += 1;
    this.#socket.pause();
    clearTimeout(this.#timer);
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.#holds -= 1;
      this.#release();
    };
  }

  /** While work is done for the peer its silence is in order. */
  working(): () => void {
    this.#busy += 1;
    clearTimeout(this.#timer);
    return () => {
      this.#busy -= 1;
      this.#rest();
    };
  }

  #release(): void {
    if (this.#holds > 0) return;
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const chunk of backlog) this.#take(chunk);
    if (this.#holds > 0) return;
    this.#socket.resume();
    this.#rest();
  }

  #await(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.emit("late");
      this.#socket.destroy();
    }, ms);
  }

  /** Between two PDUs. */
  #rest(): void {
    if (this.#holds > 0 || this.#headFilled > 0) return;
    clearTimeout(this.#timer);
    if (this.#isAssociated && this.#busy === 0 && !this.#socket.destroyed) this.#await(this.#limits.idleMs);
  }

  #take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#socket.destroyed) return;
      if (this.#holds > 0) {
        this.#backlog.push(chunk.subarray(at));
        return;
      }
      at = this.#pdu ? this.#fill(this.#pdu, chunk, at) : this.#fillHead(chunk, at);
    }
  }

  #fillHead(chunk: Buffer, at: number): number {
    if (this.#headFilled === 0 && this.#isAssociated) this.#await(this.#limits.pduMs);
    const count = chunk.copy(this.#head, this.#headFilled, at);
    this.#headFilled += count;
    if (this.#headFilled < HEAD_BYTES) return at + count;
    const length = this.#head.readUInt32BE(2);
    const type = this.#head[0] ?? 0;
    if (type < 1 || type > 7 || length > Math.max(this.#limits.maxPduBytes + SLACK_BYTES, LEAST_BYTES)) {
      this.emit("refused");
      this.#socket.destroy();
      return chunk.length;
    }
    // All of it is in this chunk: no copy.
    const end = at + count + length;
    if (count === HEAD_BYTES && end <= chunk.length) {
      this.#pass(chunk.subarray(at, end));
      return end;
    }
    this.#pdu = Buffer.allocUnsafe(HEAD_BYTES + length);
    this.#head.copy(this.#pdu);
    this.#filled = HEAD_BYTES;
    if (length === 0) this.#pass(this.#pdu);
    return at + count;
  }

  #fill(pdu: Buffer, chunk: Buffer, at: number): number {
    const count = chunk.copy(pdu, this.#filled, at);
    this.#filled += count;
    if (this.#filled === pdu.length) this.#pass(pdu);
    return at + count;
  }

  #pass(pdu: Buffer): void {
    this.#pdu = undefined;
    this.#headFilled = 0;
    this.#isAssociated = true;
    this.emit("data", pdu);
    this.#rest();
  }
}
