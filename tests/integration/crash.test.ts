import { setTimeout as wait } from "node:timers/promises";
import type { CrashPoint } from "@weald/core/kernel";
import { chance } from "@weald/dev-env/phantoms";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CrashRegion, crashRegion, until } from "./crash/crash-region.ts";
import { keepResult } from "./crash/keep-result.ts";
import { reckon } from "./crash/reckoning.ts";
import { type Acknowledged, sendStudy } from "./crash/sender.ts";

const POINTS: readonly CrashPoint[] = [
  "after-inbox-put",
  "after-inbox-read",
  "after-archive-put",
  "before-commit",
  "after-commit",
  "after-inbox-delete",
];
const KILLS = Number(process.env.WEALD_CRASH_KILLS ?? "10");
const SEED = Number(process.env.WEALD_CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));
const SOAK = 100;
describe("processes killed by kill -9", () => {
  let crashing: CrashRegion;
  const sent: Acknowledged[] = [];
  const send = async () => {
    sent.push(...(await sendStudy(crashing.region, () => crashing.gateway.url())));
  };
  const idsOf = (objects: readonly Acknowledged[]) => objects.map(({ itemId }) => itemId);
  beforeAll(async () => {
    crashing = await crashRegion();
  });
  afterAll(() => crashing?.stop());

  it.each(POINTS)(
    "%s: what was acknowledged is there once, whole",
    async (point) => {
      await crashing.arm(point, 2);
      const before = crashing.deaths();
      await send();
      await until(`a death ${point}`, () => crashing.deaths() > before);
      await crashing.settle(idsOf(sent));
      await reckon(crashing, sent);
    },
    120_000,
  );

  it(
    `${KILLS} times at random, by seed ${SEED}: nothing acknowledged is lost, nothing is there twice`,
    async () => {
      process.stdout.write(`crash test: ${KILLS} kills by WEALD_CRASH_SEED=${SEED}\n`);
      const random = chance(SEED);
      const began = Date.now();
      const sentBefore = sent.length;
      const kills = { function: 0, gateway: 0 };
      let isOver = false;
      const sending = (async () => {
        while (!isOver) await send();
      })();
      for (let kill = 0; kill < KILLS; kill += 1) {
        await wait(100 + random() * 900);
        const victim = random() < 0.7 ? "function" : "gateway";
        await crashing.kill(victim);
        kills[victim] += 1;
      }
      isOver = true;
      await sending;
      await crashing.settle(idsOf(sent));
      await reckon(crashing, sent);
      expect(kills.function + kills.gateway).toBe(KILLS);
      const acknowledged = sent.length - sentBefore;
      expect(acknowledged).toBeGreaterThan(KILLS);
      if (KILLS >= SOAK)
        keepResult("crash", {
          seed: SEED,
          kills,
          acknowledged,
          lost: 0,
          twice: 0,
          seconds: (Date.now() - began) / 1000,
        });
    },
    60_000 + KILLS * 10_000,
  );
});
