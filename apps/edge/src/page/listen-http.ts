import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers a request, or leaves it to the next by `false`. */
export type HttpDoor = (request: IncomingMessage, response: ServerResponse) => boolean;

export type ListeningHttp = { port: number; close(): Promise<void> };

/** The gateway's one HTTP port: its page, and the doors that others bring. */
export async function listenHttp(
  { host, port }: { host: string; port: number },
  doors: readonly HttpDoor[],
): Promise<ListeningHttp> {
  const server = createServer((request, response) => {
    if (doors.some((door) => door(request, response))) return;
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("There is nothing here.\n");
  });
  // What is uploaded over a slow line takes longer than Node's default five minutes.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
