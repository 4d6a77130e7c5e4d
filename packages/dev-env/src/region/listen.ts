import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export type Listening = { url: string; port: number; close(): Promise<void> };

export class PortTaken extends Error {
  readonly code = "PORT_TAKEN";
  readonly port: number;
  constructor(port: number) {
    super(
      `Port ${port} is taken. Stop what uses it, or start Weald on others: WEALD_PORT=${port + 100} npm start`,
    );
    this.port = port;
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2000).unref();
  });
}

/** A server on 127.0.0.1 alone. Port 0 takes a free one. */
export function listen(listener: RequestListener, port: number): Promise<Listening> {
  const server = createServer(listener);
  // Uploads of gigabytes over a hospital's line take longer than Node's default five minutes.
  server.requestTimeout = 0;
  // Longer than a client keeps a line for its next request: else it writes into one that is being closed.
  server.keepAliveTimeout = 65_000;
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new PortTaken(port) : error),
    );
    server.listen(port, "127.0.0.1", () => {
      const { port: actual } = server.address() as AddressInfo;
      resolve({ url: `http://127.0.0.1:${actual}`, port: actual, close: () => closed(server) });
    });
  });
}
