import { describe, expect, it } from "vitest";
import { dayOf, tokenIn } from "./token-in.ts";

const CODE = "AbCdEfGhIjKlMnOpQr-_12";

describe("what somebody types of a link", () => {
  it.each([
    [CODE, CODE],
    [`  AbCdEf GhIjKl MnOpQr -_12 `, CODE],
    [`https://portal.example/link#${CODE}`, CODE],
    [`#${CODE}`, CODE],
    ["AbCd", undefined],
    [`${CODE}x`, undefined],
    ["", undefined],
  ])("%s", (said, token) => expect(tokenIn(said)).toBe(token));

  it("a date of birth is a day that was", () => {
    expect(dayOf("3", "4", "1961")).toBe("1961-04-03");
    expect(dayOf("31", "02", "1961")).toBeUndefined();
    expect(dayOf("3", "4", "61")).toBeUndefined();
  });
});
