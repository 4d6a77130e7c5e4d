/** @see HL7 Implementation Support Guide, appendix C (minimal lower layer protocol): VT message FS CR */
const VT = 0x0b;
const FS = 0x1c;

export type Framed =
  | { kind: "message"; bytes: Buffer }
  /** `head`: what it began with, enough to answer it. */
  | { kind: "too-large"; head: Buffer };

const HEAD_BYTES = 4096;

/**
 * Takes messages out of a stream of bytes, however it is cut into packets. Bounded: no more than one message of the
 * largest size is held. Whatever lies between frames is passed over, a CR that is missing after FS is not missed, and a
 * frame that begins anew before it has ended is the new one.
 */
export class Framer {
  #mostBytes: number;
  #held: Buffer[] = [];
  /** Of the frame that is open, held or passed over. */
  #seenBytes = 0;
  #state: "outside" | "inside" | "too-large" = "outside";
  /** Bytes that belonged to no message. */
  strayBytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** A message was begun and has not ended. */
  get isInside(): boolean {
    return this.#state !== "outside";
  }

  #begin(): void {
    this.strayBytes += this.#seenBytes;
    this.#held = [];
    this.#seenBytes = 0;
    this.#state = "inside";
  }

  #hold(piece: Buffer): void {
    this.#seenBytes += piece.length;
    if (piece.length === 0 || this.#state === "too-large") return;
    this.#held.push(piece);
    if (this.#seenBytes <= this.#mostBytes) return;
    // Copied, so that the rest may go.
    this.#held = [Buffer.from(Buffer.concat(this.#held).subarray(0, Math.min(HEAD_BYTES, this.#mostBytes)))];
    this.#state = "too-large";
  }

  #end(): Framed {
    const bytes = Buffer.concat(this.#held);
    const framed: Framed =
      this.#state === "too-large" ? { kind: "too-large", head: bytes } : { kind: "message", bytes };
    this.#held = [];
    this.#seenBytes = 0;
    this.#state = "outside";
    return framed;
  }

  push(chunk: Uint8Array): Framed[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const framed: Framed[] = [];
    for (let at = 0; at < bytes.length; ) {
      const [vt, fs] = [bytes.indexOf(VT, at), bytes.indexOf(FS, at)];
      const begins = vt >= 0 && (fs < 0 || vt < fs || !this.isInside);
      if (!this.isInside && vt < 0) {
        this.#stray(bytes.subarray(at));
        return framed;
      }
      if (begins) {
        if (this.isInside) this.#hold(bytes.subarray(at, vt));
        else this.#stray(bytes.subarray(at, vt));
        this.#begin();
        at = vt + 1;
        continue;
      }
      this.#hold(bytes.subarray(at, fs < 0 ? bytes.length : fs));
      if (fs < 0) return framed;
      framed.push(this.#end());
      at = fs + 1;
    }
    return framed;
  }

  /** The CR that ends a frame is no stray. */
  #stray(bytes: Buffer): void {
    for (const byte of bytes) if (byte !== 0x0d) this.strayBytes += 1;
  }
}

/** A message in its frame. */
export const frame = (bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([VT]), bytes, Buffer.from([FS, 0x0d])]);
