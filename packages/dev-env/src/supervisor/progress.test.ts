import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { progressOn } from "./progress.ts";

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, write: (text: string) => void written.push(text) };
}

describe("progress", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("says in a log now and then how far a long step is", async () => {
    const out = screen(false);
    let end: () => void = () => {};
    const step = progressOn(out).step("Sending", (say) => {
      say("RXC: 40 files");
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    });
    await vi.advanceTimersByTimeAsync(31_000);
    end();
    await step;
    expect(out.written[0]).toBe("Sending …\n");
    expect(out.written.filter((line) => line.includes("RXC: 40 files"))).toHaveLength(3);
    expect(out.written.at(-1)).toMatch(/^ {2}done: RXC: 40 files, /);
  });

  it("keeps a terminal's step on one line whose seconds run, and marks one that failed", async () => {
    const out = screen(true);
    const step = progressOn(out)
      .step("Building", async () => {
        await vi.advanceTimersByTimeAsync(1000);
        throw new Error("no");
      })
      .catch(() => "failed");
    expect(await step).toBe("failed");
    expect(out.written.length).toBeGreaterThan(3);
    expect(out.written.slice(0, -1).every((text) => text.startsWith("\r") && !text.includes("\n"))).toBe(
      true,
    );
    expect(out.written.at(-1)).toContain("Building ✗\n");
  });
});
