import { once } from "node:events";
import net from "node:net";

const framed = (message: string | Uint8Array) =>
  Buffer.concat([Buffer.from([0x0b]), Buffer.from(message), Buffer.from([0x1c, 0x0d])]);

export type Acknowledgement = { code: string; of: string; condition: string; text: string };

function read(text: string): Acknowledgement {
  const fields = (name: string) =>
    text
      .split("\r")
      .find((line) => line.startsWith(`${name}|`))
      ?.split("|") ?? [];
  const [msa, err] = [fields("MSA"), fields("ERR")];
  return { code: msa[1] ?? "", of: msa[2] ?? "", condition: err[3]?.split("^")[0] ?? "", text };
}

/** A system that sends by MLLP, of this test's own making: it shares no line with what it tests. */
export class MllpSender {
  #socket: net.Socket;
  #text = "";
  #waiting: { resolve(ack: Acknowledgement): void; reject(error: Error): void }[] = [];
  isClosed = false;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("error", () => {});
    socket.on("close", () => {
      this.isClosed = true;
      for (const { reject } of this.#waiting.splice(0)) reject(new Error("the line is gone"));
    });
  }

  static async to(port: number): Promise<MllpSender> {
    const socket = net.connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new MllpSender(socket);
  }

  #read(chunk: Buffer): void {
    this.#text += chunk.toString("latin1");
    for (;;) {
      const [from, to] = [this.#text.indexOf("\x0b"), this.#text.indexOf("\x1c\r")];
      if (from < 0 || to < 0) return;
      const ack = read(this.#text.slice(from + 1, to));
      this.#text = this.#text.slice(to + 2);
      this.#waiting.shift()?.resolve(ack);
    }
  }

  /** Bytes as they are; nobody is waited for. */
  raw(bytes: string | Uint8Array): void {
    this.#socket.write(Buffer.from(bytes));
  }

  answer(): Promise<Acknowledgement> {
    if (this.isClosed) return Promise.reject(new Error("the line is gone"));
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  send(message: string | Uint8Array): Promise<Acknowledgement> {
    const answer = this.answer();
    this.raw(framed(message));
    return answer;
  }

  /** All in one packet. */
  sendTogether(messages: readonly string[]): Promise<Acknowledgement[]> {
    const answers = Promise.all(messages.map(() => this.answer()));
    this.raw(Buffer.concat(messages.map(framed)));
    return answers;
  }

  async closed(): Promise<void> {
    if (!this.isClosed) await once(this.#socket, "close");
  }

  close(): void {
    this.#socket.destroy();
  }
}
