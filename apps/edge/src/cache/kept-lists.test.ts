import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ledger, openLedger } from "../ledger/ledger.ts";
import { KeptLists } from "./kept-lists.ts";
import type { NeededStudy } from "./needed.ts";

const HOUR = 3_600_000;
const study = (digit: number): NeededStudy => ({
  studyId: `0190f000-0000-7000-8000-00000000000${digit}`,
  custodian: "RXC",
  studyInstanceUid: `1.2.${digit}`,
  patientId: "0190f000-0000-7000-8000-0000000000ff",
  instances: 1,
  isArriving: false,
  mark: "a".repeat(32),
});
const list = (mark: string, ...studies: NeededStudy[]) => ({ mark, isSame: false, isCut: false, studies });

describe("the lists of what is kept", () => {
  let home: string;
  let ledger: Ledger;
  let now: number;
  let met: number | undefined;
  const open = (clientIds = ["a", "b"]) =>
    KeptLists.open({
      ledger,
      clientIds,
      oldestMs: 24 * HOUR,
      presence: { met: () => {}, lastMet: () => met },
      now: () => now,
    });
  const asOf = (ms: number) => new Date(ms).toISOString();
  beforeEach(async () => {
    home = mkdtempSync(path.join(tmpdir(), "weald-edge-"));
    ledger = await openLedger(path.join(home, "ledger"));
    now = Date.parse("2026-11-25T12:00:00Z");
    met = undefined;
  });
  afterEach(async () => {
    await ledger.close();
    rmSync(home, { recursive: true, force: true });
  });

  it("are shown for a day and no longer, nor by a clock that was set back", async () => {
    const lists = await open();
    expect(lists.shownTo("a")).toBe("none");
    await lists.renew("a", asOf(now), list("1", study(1)));
    now += 23 * HOUR;
    expect(lists.shownTo("a")).toMatchObject({ studies: [study(1)] });
    now += 2 * HOUR;
    expect(lists.shownTo("a")).toBe("old");
    now -= 26 * HOUR;
    expect(lists.shownTo("a")).toBe("old");
  });

  it("show nothing once the region was there again, until it has said what it corrected", async () => {
    const lists = await open();
    await lists.renew("a", asOf(now), list("1", study(1)));
    met = now + 59_000;
    expect(lists.shownTo("a")).toMatchObject({ mark: "1" });
    now += 2 * HOUR;
    met = now;
    expect(lists.shownTo("a")).toBe("unchecked");
    await lists.renew("a", asOf(now), { ...list("1"), isSame: true });
    expect(lists.shownTo("a")).toMatchObject({ studies: [study(1)] });
  });

  it("outlive a restart, with the time of the last check; not for who is kept for no more", async () => {
    const lists = await open();
    await lists.renew("a", asOf(now), list("1", study(1)));
    await lists.renew("a", asOf(now + HOUR), { ...list("1"), isSame: true });
    await lists.renew("b", asOf(now), list("2", study(2)));
    const again = await open(["a"]);
    expect(again.shownTo("a")).toEqual(lists.shownTo("a"));
    expect(again.shownTo("b")).toBe("none");
    expect([...again.wanted.values()].map((one) => one.study)).toEqual([study(1)]);
  });

  it("a study's place is that of the client that needs it most", async () => {
    const lists = await open();
    await lists.renew("a", asOf(now), list("1", study(1), study(2), study(3)));
    await lists.renew("b", asOf(now), list("2", study(3)));
    const places = [...lists.wanted.values()].map(({ study: { studyInstanceUid }, rank }) => [
      studyInstanceUid,
      rank,
    ]);
    expect(places).toEqual([
      ["1.2.1", 0],
      ["1.2.3", 0],
      ["1.2.2", 1],
    ]);
    await lists.drop("a");
    expect([...lists.wanted.values()].map((one) => one.study)).toEqual([study(3)]);
  });
});
