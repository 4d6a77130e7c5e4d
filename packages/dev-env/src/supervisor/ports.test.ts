import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { checkFree, portsFrom } from "./ports.ts";

describe("the ports of a region", () => {
  it("follow WEALD_PORT, so that two regions run side by side", () => {
    expect(portsFrom({})).toEqual({
      portal: 3000,
      objects: 3001,
      identity: 3002,
      database: 3003,
      dicomweb: 3004,
      dimse: 3005,
      mllp: 3006,
      gateway: 3007,
      functions: 3008,
    });
    expect(portsFrom({ WEALD_PORT: "4100" }).database).toBe(4103);
    expect(portsFrom({ WEALD_PORT: "" }).portal).toBe(3000);
  });

  it.each(["80", "65501", "3000.5", "0x1000", "1e4", "http", "-3000"])("refuse %s in one line", (asked) => {
    expect(() => portsFrom({ WEALD_PORT: asked })).toThrow(expect.objectContaining({ code: "PORT_INVALID" }));
  });

  it("say which of them is taken, and what to do", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = address && typeof address === "object" ? address.port : 0;
    await expect(checkFree(port, 0)).rejects.toMatchObject({
      code: "PORT_TAKEN",
      message: expect.stringContaining(`Port ${port} is taken`),
    });
    // What is just leaving is waited for.
    const freed = checkFree(port, 10_000);
    other.close();
    await expect(freed).resolves.toBeUndefined();
  });
});
