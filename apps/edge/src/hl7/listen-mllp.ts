import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import net from "node:net";
import tls from "node:tls";
import type { EdgeConfig } from "../config.ts";
import { acknowledgement } from "./acknowledge.ts";
import { Framer, frame } from "./framer.ts";
import { type MessageDoor, takeMessage } from "./take-message.ts";

export type MllpConfig = NonNullable<EdgeConfig["hl7"]>;
export type ListeningMllp = { port: number; close(): Promise<void> };

export const MOST_BYTES = 1_000_000;
const V4_IN_V6 = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/;

/** A message that was begun is whole in this time, or the connection ends: nobody holds one open with half a message. */
function watchdog(socket: net.Socket, seconds: number) {
  let timer: NodeJS.Timeout | undefined;
  return (isInside: boolean) => {
    if (isInside && !timer) timer = setTimeout(() => socket.destroy(), seconds * 1000);
    if (!isInside) {
      clearTimeout(timer);
      timer = undefined;
    }
  };
}

const newId = () => `W${Date.now().toString(36)}${randomBytes(5).toString("hex")}`.toUpperCase();

/** False: the caller doesn't read, or is gone. */
function write(socket: net.Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

/** One connection: its messages one after the other, each answered before the next is looked at. */
async function serve(socket: net.Socket, config: MllpConfig, door: MessageDoor): Promise<void> {
  const framer = new Framer(MOST_BYTES);
  const watch = watchdog(socket, config.messageSeconds);
  const counts: Record<string, number> = { AA: 0, AE: 0, AR: 0 };
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      for (const framed of framer.push(chunk)) {
        watch(false);
        const { envelope, answer } = await takeMessage(door, framed);
        counts[answer.code] = (counts[answer.code] ?? 0) + 1;
        const ack = acknowledgement(envelope, answer, { id: newId(), now: new Date() });
        await write(socket, frame(ack));
      }
      watch(framer.isInside);
    }
  } finally {
    watch(false);
    socket.destroy();
    const { AA: taken = 0, AE: mended = 0, AR: rejected = 0 } = counts;
    const { strayBytes } = framer;
    door.log({ level: "info", event: "mllp.closed", taken, errors: mended, rejected, strayBytes });
  }
}

const isWelcome = (socket: net.Socket, { addresses }: MllpConfig): boolean =>
  !addresses || addresses.includes((socket.remoteAddress ?? "").replace(V4_IN_V6, ""));

function serverOf(config: MllpConfig, onSocket: (socket: net.Socket) => void): net.Server {
  if (!config.tls) return net.createServer(onSocket);
  const { keyFile, certificateFile, clientAuthorityFile } = config.tls;
  return tls.createServer(
    {
      key: readFileSync(keyFile),
      cert: readFileSync(certificateFile),
      minVersion: "TLSv1.2",
      ...(clientAuthorityFile
        ? { ca: readFileSync(clientAuthorityFile), requestCert: true, rejectUnauthorized: true }
        : {}),
    },
    onSocket,
  );
}

/**
 * Takes HL7 v2 messages by MLLP into the gateway's spool. AA means durable here; from here the forwarder has it.
 *
 * @throws when the port can't be had
 */
export async function listenMllp(config: MllpConfig, door: MessageDoor): Promise<ListeningMllp> {
  const open = new Set<net.Socket>();
  const serving = new Set<Promise<void>>();

  function welcome(socket: net.Socket): void {
    socket.on("error", () => socket.destroy());
    if (open.size >= config.mostConnections || !isWelcome(socket, config)) {
      door.log({ level: "warn", event: "mllp.turned-away", open: open.size });
      socket.destroy();
      return;
    }
    open.add(socket);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.setTimeout(config.idleSeconds * 1000, () => socket.destroy());
    const served = serve(socket, config, door)
      .catch(() => {})
      .finally(() => {
        open.delete(socket);
        serving.delete(served);
      });
    serving.add(served);
  }

  const server = serverOf(config, welcome);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(config.port, config.host, () => resolve());
  });
  const address = server.address();
  return {
    port: address instanceof Object ? address.port : config.port,
    async close() {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await Promise.all([...serving]);
      await ended;
    },
  };
}
