import type { PduGate } from "./pdu-gate.ts";
import type { Ended, StoreSink } from "./service.ts";

const HIGH_WATER_BYTES = 2 * 1024 * 1024;
const LOW_WATER_BYTES = 512 * 1024;

/**
 * The writable that the library fills: it never says that it is full, since the library does not wait; it holds the gate
 * instead. Pieces reach the sink in order.
 */
export class StoreQueue {
  #sink: StoreSink;
  #gate: PduGate;
  #tail: Promise<void> = Promise.resolve();
  #waitingBytes = 0;
  #release: (() => void) | undefined;
  #isOver = false;

  constructor(sink: StoreSink, gate: PduGate) {
    this.#sink = sink;
    this.#gate = gate;
  }

  write(piece: Uint8Array): boolean {
    if (this.#isOver) return true;
    this.#waitingBytes += piece.length;
    if (this.#waitingBytes > HIGH_WATER_BYTES) this.#release ??= this.#gate.hold();
    this.#tail = this.#tail.then(async () => {
      await this.#sink.write(piece);
      this.#waitingBytes -= piece.length;
      if (this.#waitingBytes <= LOW_WATER_BYTES) this.#letGo();
    });
    // A failure is told by `finish`.
    this.#tail.catch(() => this.#letGo());
    return true;
  }

  #letGo(): void {
    this.#release?.();
    this.#release = undefined;
  }

  end(): void {}
  once(): this {
    return this;
  }

  async finish(): Promise<Ended> {
    this.#isOver = true;
    await this.#tail;
    return this.#sink.finish();
  }

  /** The sender is gone before the end. */
  async abandon(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#letGo();
    await this.#tail.catch(() => {});
    await this.#sink.abandon();
  }
}
