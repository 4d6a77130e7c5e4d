import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An identity provider that gives a token to whoever knows the secret. */
export async function tokenDoor(): Promise<{ url: string; asked: string[]; close(): Promise<void> }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const basic = Buffer.from(
      String(request.headers.authorization).slice("Basic ".length),
      "base64",
    ).toString();
    const [id = "", secret = ""] = basic.split(":").map(decodeURIComponent);
    asked.push(id);
    if (secret !== `secret of ${id}`) {
      response.writeHead(401).end();
      return;
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ access_token: `token-of-${id}`, expires_in: 3600 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
