import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { describe, expect, it } from "vitest";
import { StartFailed } from "../home/index.ts";
import { sayWhy } from "./say-why.ts";

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe("what a command that failed says", () => {
  const home = mkdtempSync(path.join(tmpdir(), "weald-why-"));

  it("is one line with a code, never a stack", () => {
    const { line, exitCode } = sayWhy(new StartFailed("DISK_FULL", "The disk is full.\nmore"), home);
    expect([line, exitCode]).toEqual(["The disk is full. [DISK_FULL]", 1]);
  });

  it("says what to do about what the system refuses", () => {
    const error = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    expect(sayWhy(error, home).line).toBe("The disk is full. Free 500 MB, or move WEALD_HOME. [ENOSPC]");
  });

  it("ends with 2 for wrong usage", () => {
    const error = thrownBy(() => parseArgs({ args: ["--nonsense"], options: {} }));
    expect(sayWhy(error, home).exitCode).toBe(2);
  });

  it("keeps what nobody foresaw in a log of its own", () => {
    mkdirSync(path.join(home, "logs"));
    const { line } = sayWhy(new Error("never thought of"), home);
    expect(line).toContain("never thought of");
    expect(line).toContain("[UNFORESEEN]");
    expect(line).not.toContain("at ");
    expect(readFileSync(path.join(home, "logs/weald.log"), "utf8")).toContain("say-why.test.ts");
  });
});
