import { connect, createServer, type Socket } from "node:net";

/** A line from ward to region: bytes a second down, and milliseconds a round trip. */
export type Line = { bytesASecond: number; roundTripMs: number };

const PIECE = 16 * 1024;
const MOST_WAITING = 256 * 1024;

/** Writes each piece at its time, never one before another; nothing is the end. Answers how many bytes wait. */
function inOrder(to: Socket, onRoom: () => void): (piece: Buffer | undefined, at: number) => number {
  const queue: { piece: Buffer | undefined; at: number }[] = [];
  let [waiting, isTimed] = [0, false];
  function pump(): void {
    isTimed = false;
    for (let [head] = queue; head && head.at <= performance.now() + 0.5; [head] = queue) {
      queue.shift();
      waiting -= head.piece?.length ?? 0;
      if (to.destroyed) continue;
      if (head.piece) to.write(head.piece);
      else to.end();
    }
    if (waiting < MOST_WAITING) onRoom();
    plan();
  }
  function plan(): void {
    const [head] = queue;
    if (!head || isTimed) return;
    isTimed = true;
    setTimeout(pump, Math.max(0, head.at - performance.now()));
  }
  return (piece, at) => {
    queue.push({ piece, at });
    waiting += piece?.length ?? 0;
    plan();
    return waiting;
  };
}

/**
 * Ports of a browser's own whose every byte, of pages and workers alike, comes down one line. It has no slow start and loses nothing:
 * kinder than a real one, and alike to whoever is measured.
 */
export async function layLine(line: Line, ports: readonly number[]) {
  let freeAt = 0;
  let bytesDown = 0;
  const half = line.roundTripMs / 2;
  const sockets = new Set<Socket>();

  function down(from: Socket, to: Socket): void {
    const pass = inOrder(to, () => from.resume());
    from.on("data", (all: Buffer) => {
      for (let at = 0; at < all.length; at += PIECE) {
        const piece = all.subarray(at, at + PIECE);
        bytesDown += piece.length;
        freeAt = Math.max(freeAt, performance.now()) + (piece.length / line.bytesASecond) * 1000;
        if (pass(piece, freeAt + half) >= MOST_WAITING) from.pause();
      }
    });
    from.on("end", () => pass(undefined, Math.max(freeAt, performance.now()) + half));
  }

  function join(near: Socket, port: number): void {
    const far = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
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
    const pass = inOrder(far, () => {});
    near.on("data", (bytes: Buffer) => pass(bytes, Math.max(opensAt, performance.now()) + half));
    near.on("end", () => pass(undefined, Math.max(opensAt, performance.now()) + half));
    down(far, near);
  }

  const relays = await Promise.all(
    ports.map(async (port) => {
      const server = createServer({ allowHalfOpen: true }, (near) => join(near, port));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      if (!address || typeof address === "string") throw new Error("a relay has no port");
      return { port, through: address.port, server };
    }),
  );
  return {
    /** For Chromium: same addresses, another way. */
    rules: relays.map(({ port, through }) => `MAP 127.0.0.1:${port} 127.0.0.1:${through}`).join(", "),
    /** Down the line so far, of all ports together. */
    bytesDown: () => bytesDown,
    async stop() {
      for (const one of sockets) one.destroy();
      await Promise.all(
        relays.map(({ server }) => new Promise<void>((resolve) => server.close(() => resolve()))),
      );
    },
  };
}
