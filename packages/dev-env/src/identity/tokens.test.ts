import { describe, expect, it } from "vitest";
import { keptToken } from "./tokens.ts";

describe("a token that is kept", () => {
  it("is asked for once, and again after a failure, so that a line that broke is no end", async () => {
    let asked = 0;
    const token = keptToken(async () => {
      asked += 1;
      if (asked === 1) throw new TypeError("fetch failed");
      return `token ${asked}`;
    });
    await expect(token()).rejects.toThrow("fetch failed");
    expect([await token(), await token(), asked]).toEqual(["token 2", "token 2", 2]);
  });
});
