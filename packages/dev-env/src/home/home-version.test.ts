import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { checkVersion, type HomeStep, migrateHome, versionOf } from "./home-version.ts";

function homeAt(version: unknown): string {
  const home = mkdtempSync(path.join(tmpdir(), "weald-home-"));
  if (version !== undefined) writeFileSync(path.join(home, "version.json"), JSON.stringify(version));
  return home;
}

function ladder(taken: number[]): HomeStep[] {
  return [1, 2, 3].map((to) => ({ to, move: () => void taken.push(to) }));
}

describe("a WEALD_HOME of another version", () => {
  it("that is older is brought forward, step by step, each once", () => {
    const taken: number[] = [];
    const home = homeAt({ home: 1, weald: "0.1.0" });
    expect(migrateHome(home, "0.3.0", ladder(taken))).toEqual([2, 3]);
    expect(versionOf(home)).toEqual({ home: 3, weald: "0.3.0" });
    expect(migrateHome(home, "0.3.1", ladder(taken))).toEqual([]);
    expect(taken).toEqual([2, 3]);
    expect(versionOf(home)?.weald).toBe("0.3.1");
  });

  it("whose start was killed between two steps goes on after the last that was whole", () => {
    const taken: number[] = [];
    const home = homeAt(undefined);
    const broken = ladder(taken).map((step) =>
      step.to === 2 ? { ...step, move: () => expect.unreachable("killed") } : step,
    );
    expect(() => migrateHome(home, "0.3.0", broken)).toThrow();
    expect(versionOf(home)?.home).toBe(1);
    expect(migrateHome(home, "0.3.0", ladder(taken))).toEqual([2, 3]);
    expect(taken).toEqual([1, 2, 3]);
  });

  it("that is newer is refused, and nothing in it is touched", () => {
    const home = homeAt({ home: 9, weald: "2.0.0" });
    expect(() => migrateHome(home, "0.3.0", ladder([]))).toThrow(
      expect.objectContaining({ code: "HOME_IS_NEWER" }),
    );
    expect(readFileSync(path.join(home, "version.json"), "utf8")).toContain("2.0.0");
  });

  it("that somebody has spoilt is said in one line", () => {
    expect(() => checkVersion(homeAt("what"))).toThrow(expect.objectContaining({ code: "HOME_SPOILT" }));
  });
});
