import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ownerOf, takeLock } from "./lock.ts";

const newHome = () => mkdtempSync(path.join(tmpdir(), "weald-lock-"));
const written = (home: string, owner: unknown) =>
  writeFileSync(path.join(home, "running.json"), typeof owner === "string" ? owner : JSON.stringify(owner));
const lock = (more: object) => ({
  pid: process.pid,
  startedAt: "2026-11-24T00:00:00Z",
  basePort: 3000,
  ...more,
});

describe("the lock of a WEALD_HOME", () => {
  it("is one start's alone, and is gone with it", () => {
    const home = newHome();
    const unlock = takeLock(home, 3100);
    expect(ownerOf(home)).toMatchObject({ pid: process.pid, basePort: 3100 });
    expect(() => takeLock(home, 3200)).toThrow(expect.objectContaining({ code: "ALREADY_RUNNING" }));
    unlock();
    expect(ownerOf(home)).toBeUndefined();
    expect(readdirSync(home)).toEqual([]);
  });

  it("of a process that is gone is taken over", async () => {
    const home = newHome();
    const gone = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => gone.once("exit", resolve));
    written(home, lock({ pid: gone.pid }));
    expect(ownerOf(home)).toBeUndefined();
    takeLock(home, 3100)();
    expect(readdirSync(home)).toEqual([]);
  });

  it("isn't held by another program that has the dead one's number by now", () => {
    const home = newHome();
    written(home, lock({ began: "another-boot/12345" }));
    expect(ownerOf(home)).toBeUndefined();
    expect(() => takeLock(home, 3100)()).not.toThrow();
  });

  it("that was cut short holds nobody up", () => {
    const home = newHome();
    written(home, '{"pid":');
    expect(() => takeLock(home, 3100)()).not.toThrow();
  });
});
