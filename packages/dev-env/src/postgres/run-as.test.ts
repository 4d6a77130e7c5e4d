import { describe, expect, it } from "vitest";
import { runAs } from "./run-as.ts";

const allows =
  (...programs: string[]) =>
  (command: readonly string[]) =>
    programs.some((one) => command.includes(one));

describe("PostgreSQL, which refuses root", () => {
  it("runs as who starts it, if that isn't root", () => {
    expect(runAs(false, () => false)).toEqual({ prefix: [], owner: undefined, note: undefined });
  });
  it("runs in a user namespace, where nothing changes hands", () => {
    expect(runAs(true, allows("unshare", "setpriv"))).toMatchObject({ owner: 0, note: undefined });
  });
  it("runs as nobody with the right to pass closed folders, where namespaces are forbidden", () => {
    const as = runAs(true, allows("--ambient-caps=+dac_override"));
    expect(as).toMatchObject({ owner: 65534, note: undefined });
    expect(as.prefix[0]).toBe("setpriv");
  });
  it("says what it needs where that is forbidden too", () => {
    expect(runAs(true, () => false).note).toMatch(/open to it/);
  });
});
