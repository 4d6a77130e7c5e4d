import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { EdgeConfig } from "../config.ts";
import type { Log } from "../log.ts";
import { AssociationSide } from "./association-side.ts";
import { setMaxPduBytes } from "./library.ts";
import { PduGate } from "./pdu-gate.ts";
import type { DimseService } from "./service.ts";

type DimseConfig = NonNullable<EdgeConfig["dimse"]>;

export type ListeningDimse = { port: number; close(): Promise<void> };

function serverOf({ tls }: DimseConfig, take: (socket: Socket) => void): Server {
  if (!tls) return createServer(take);
  const authority = tls.clientAuthorityFile ? readFileSync(tls.clientAuthorityFile) : undefined;
  return createTlsServer(
    {
      key: readFileSync(tls.keyFile),
      cert: readFileSync(tls.certificateFile),
      minVersion: "TLSv1.2",
      handshakeTimeout: 10_000,
      ...(authority ? { ca: authority, requestCert: true, rejectUnauthorized: true } : {}),
    },
    take,
  );
}

/** Associations over TCP or TLS, each with its limits. */
export async function listenDimse(
  config: DimseConfig,
  { service, log }: { service: DimseService; log: Log },
): Promise<ListeningDimse> {
  setMaxPduBytes(config.maxPduBytes);
  const open = new Set<Socket>();
  const limits = {
    maxPduBytes: config.maxPduBytes,
    associationMs: config.associationSeconds * 1000,
    pduMs: config.pduSeconds * 1000,
    idleMs: config.idleSeconds * 1000,
  };
  const server = serverOf(config, (socket) => {
    open.add(socket);
    socket.setNoDelay(true);
    socket.once("close", () => open.delete(socket));
    const address = socket.remoteAddress ?? "";
    void new AssociationSide(new PduGate(socket, limits), { service, log, address });
  });
  // Twice as many connections as associations: who is one too many still gets its refusal.
  server.maxConnections = config.mostAssociations * 2;
  server.on("tlsClientError", () => log({ level: "warn", event: "association.tls-refused" }));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.port, config.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
