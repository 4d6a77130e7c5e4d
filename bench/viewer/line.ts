import { connect, createServer, type Socket } from "node:net";

/** A line from ward to region: bytes a second down, and milliseconds a round trip. */
export type Line = { bytesASecond: number; roundTripMs: number };

const PIECE = 16 * 1024;
const MOST_WAITING = 256 * 1024;

/**
 * Ports of a browser's own whose every byte, of pages and workers alike, comes down one line. It has no slow start and loses nothing:
 * kinder than a real one, and alike to whoever is measured.
 */
export async function layLine(line: Line, ports: readonly number[]) {
  let freeAt = 0;
  const half = line.roundTripMs / 2;
  const sockets = new Set<Socket>();

  function down(from: Socket, to: Socket): void {
    let waiting = 0;
    from.on("data", (all: Buffer) => {
      for (let at = 0; at < all.length; at += PIECE) {
        const piece = all.subarray(at, at + PIECE);
        waiting += piece.length;
        freeAt = Math.max(freeAt, performance.now()) + (piece.length / line.bytesASecond) * 1000;
        setTimeout(
          () => {
            waiting -= piece.length;
            if (!to.destroyed) to.write(piece);
            if (waiting < MOST_WAITING) from.resume();
          },
          freeAt + half - performance.now(),
        );
      }
      if (waiting >= MOST_WAITING) from.pause();
    });
    from.on("end", () => setTimeout(() => to.end(), Math.max(0, freeAt - performance.now()) + half));
  }

  function join(near: Socket, port: number): void {
    const far = connect(port, "127.0.0.1");
    for (const one of [near, far]) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on("error", () => {});
      one.on("close", () => {
        sockets.delete(one);
        near.destroy();
        far.destroy();
      });
    }
    // The handshake is a round trip before the first byte goes up.
    const opensAt = performance.now() + line.roundTripMs;
    near.on("data", (bytes: Buffer) =>
      setTimeout(() => !far.destroyed && far.write(bytes), Math.max(0, opensAt - performance.now()) + half),
    );
    down(far, near);
  }

  const relays = await Promise.all(
    ports.map(async (port) => {
      const server = createServer((near) => join(near, port));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      if (!address || typeof address === "string") throw new Error("a relay has no port");
      return { port, through: address.port, server };
    }),
  );
  return {
    /** For Chromium: same addresses, another way. */
    rules: relays.map(({ port, through }) => `MAP 127.0.0.1:${port} 127.0.0.1:${through}`).join(", "),
    async stop() {
      for (const one of sockets) one.destroy();
      await Promise.all(
        relays.map(({ server }) => new Promise<void>((resolve) => server.close(() => resolve()))),
      );
    },
  };
}
