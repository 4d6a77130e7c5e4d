import { connect, createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase } from "./database.ts";
import { createMigratedDatabase, type MigratedDatabase } from "./scratch-database.ts";

const SYSTEM = { organisation: null, patients: [], now: new Date("2026-11-02T09:30:00Z") };

const READY_FOR_QUERY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const SAYS = "SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0";
const LENGTH = Buffer.from([0, 0, 0, SAYS.length + 4]);
/** @see PostgreSQL, "Message Formats": ErrorResponse */
const ENDS_NOW = Buffer.concat([Buffer.from("E"), LENGTH, Buffer.from(SAYS)]);

/** A server that is shut down in the moment in which it has let somebody in: both words come in one piece. */
async function endingAtOnce(target: number): Promise<{ port: number; server: Server }> {
  const server = createServer((from) => {
    const to = connect(target, "127.0.0.1");
    from.pipe(to);
    to.on("data", (piece) => {
      if (!piece.subarray(-READY_FOR_QUERY.length).equals(READY_FOR_QUERY)) return void from.write(piece);
      from.end(Buffer.concat([piece, ENDS_NOW]));
      to.destroy();
    });
    for (const one of [from, to]) one.on("error", () => one.destroy());
  });
  await new Promise<void>((then) => server.listen(0, "127.0.0.1", then));
  const address = server.address();
  if (!(address instanceof Object)) throw new Error("it has no port");
  return { port: address.port, server };
}

describe("a database that is away or slow", () => {
  let scratch: MigratedDatabase;
  beforeAll(async () => {
    scratch = await createMigratedDatabase();
  });
  afterAll(() => scratch.drop());
  const why = (work: Promise<unknown>) => work.then(() => "done", scratch.database.unavailability);
  const at = (port: number) => {
    const url = new URL(scratch.url);
    url.port = String(port);
    return url.toString();
  };

  it("that takes nobody in is away", async () => {
    const refusing = createDatabase({ connectionString: at(1) });
    expect(await why(refusing.transaction(SYSTEM, async () => 1))).toBe("away");
    await refusing.close();
  });

  it("that ends a connection in the middle is away, and the next transaction has another one", async () => {
    const ended = scratch.database.transaction(
      SYSTEM,
      (tx) => tx.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`,
    );
    expect(await why(ended)).toBe("away");
    const lost = scratch.database.transaction(SYSTEM, async (tx) => {
      await tx.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`.catch(() => {});
      return tx.organisation.findMany({ select: { odsCode: true } });
    });
    expect(await why(lost)).toBe("away");
    expect(await why(scratch.database.transaction(SYSTEM, (tx) => tx.$queryRaw`SELECT 1`))).toBe("done");
  });

  it("that ends a connection as it is given out ends that transaction, and not the process", async () => {
    const { port, server } = await endingAtOnce(Number(new URL(scratch.url).port));
    const ending = createDatabase({ connectionString: at(port) });
    expect(await why(ending.transaction(SYSTEM, (tx) => tx.$queryRaw`SELECT 1`))).toBe("away");
    await ending.close();
    await new Promise((then) => server.close(then));
  });

  it("that takes longer than a transaction may is slow", async () => {
    const slow = scratch.database.transaction(SYSTEM, async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM pg_sleep(1.2)`;
      return tx.$queryRaw`SELECT 1`;
    });
    expect(await why(slow)).toBe("slow");
  });

  it("isn't what a fault of ours is", async () => {
    expect(
      await why(scratch.database.transaction(SYSTEM, (tx) => tx.$queryRaw`SELECT 1 / 0`)),
    ).toBeUndefined();
    expect(scratch.database.unavailability(new Error("on purpose"))).toBeUndefined();
  });
});
