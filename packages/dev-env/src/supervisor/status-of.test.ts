import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { describeQueues, lastErrors } from "./status-of.ts";

describe("the state of a region", () => {
  it("names the last errors of each part, newest last, and nothing else", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "weald-status-"));
    const line = (level: string, event: string) => JSON.stringify({ level, event });
    writeFileSync(
      path.join(folder, "functions.log"),
      [line("info", "fine"), ...[1, 2, 3, 4].map((n) => line("error", `bad-${n}`)), "x".repeat(300_000)].join(
        "\n",
      ),
    );
    expect(lastErrors(folder)).toEqual([]);
    writeFileSync(
      path.join(folder, "functions.log"),
      [line("info", "fine"), ...[1, 2, 3, 4].map((n) => line("error", `bad-${n}`))].join("\n"),
    );
    writeFileSync(path.join(folder, "notes.txt"), line("error", "not a log"));
    expect(lastErrors(folder).map(({ part, line: said }) => `${part} ${said}`)).toEqual(
      [2, 3, 4].map((n) => `functions ${line("error", `bad-${n}`)}`),
    );
    expect(lastErrors(path.join(folder, "nowhere"))).toEqual([]);
  });

  it("tells a backlog from a dead letter and from a queue that nobody reads yet", () => {
    const depths = ["Arrivals", "ArrivalsDeadLetters", "Facts"].map((queue) => ({
      queue,
      waiting: 2,
      oldestSeconds: 61.4,
    }));
    expect(
      describeQueues(depths, ["Arrivals", "ArrivalsDeadLetters", "Facts", "FactsDeadLetters"], ["Arrivals"]),
    ).toEqual([
      "Arrivals: 2 waiting, oldest 61 s",
      "ArrivalsDeadLetters: 2 waiting, oldest 61 s (failed for good: see functions.log)",
      "Facts: 2 waiting, oldest 61 s (nothing reads this queue yet)",
      "FactsDeadLetters: empty",
    ]);
  });
});
