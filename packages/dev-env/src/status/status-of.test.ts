import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { describeQueues, describeSeals, lastErrors } from "./status-of.ts";

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

describe("what status says of the audit's seals", () => {
  const now = new Date("2026-11-26T10:00:00Z");
  const seal = (chain: string, minutes: number) => ({
    chain,
    sealedAt: new Date(now.getTime() - minutes * 60_000),
  });
  it("names the last of each custodian, with its age; a quiet trust's may be old", () =>
    expect(describeSeals([seal("RA2", 300), seal("RXC", 1)], 0, now)).toEqual([
      "RA2      2026-11-26T05:00:00.000Z, 300 min ago",
      "RXC      2026-11-26T09:59:00.000Z, 1 min ago",
    ]));
  it("says that none is there yet, and that one is late where rows wait", () => {
    expect(describeSeals([], 0, now)).toEqual(["none yet"]);
    expect(describeSeals([seal("RXC", 16)], 12, now).at(-1)).toMatch(/^LATE: 12 rows wait/);
    expect(describeSeals([seal("RXC", 14)], 12, now)).toHaveLength(1);
  });
});
