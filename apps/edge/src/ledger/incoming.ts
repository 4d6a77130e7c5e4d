import { createHash } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";

const BUFFER_BYTES = 512 * 1024;

/** A file that is being written: small pieces are gathered, so that memory is one buffer whatever its size. */
export class IncomingFile {
  readonly name: string;
  #handle: FileHandle;
  #hash = createHash("sha256");
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #sizeBytes = 0;

  private constructor(name: string, handle: FileHandle) {
    this.name = name;
    this.#handle = handle;
  }

  static async create(name: string): Promise<IncomingFile> {
    return new IncomingFile(name, await open(name, "wx", 0o600));
  }

  /** The piece isn't kept by the caller: it may be held until the next is written. */
  async write(piece: Uint8Array): Promise<void> {
    this.#hash.update(piece);
    this.#sizeBytes += piece.length;
    this.#held.push(piece);
    this.#heldBytes += piece.length;
    if (this.#heldBytes >= BUFFER_BYTES) await this.#flush();
  }

  async #flush(): Promise<void> {
    const bytes = this.#held.length === 1 && this.#held[0] ? this.#held[0] : Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten;
  }

  /** All of it on the disk. */
  async finish(): Promise<{ sizeBytes: number; sha256: string }> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.digest("hex") };
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.name, { force: true });
  }
}
