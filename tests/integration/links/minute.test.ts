import * as Consent from "@weald/core/consent";
import type { Ctx } from "@weald/core/kernel";
import type { Region } from "@weald/dev-env/region";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { codeOf } from "../sent.ts";
import { opened, openRegion, proved, sendStudy, sessionOf, somebody } from "./patient.ts";

/** `npm run soak` waits the real minute; else the clock of this process is set, by which region and object store go. */
const IS_SOAK = process.env.WEALD_SOAK === "1";
const DAY = 86_400_000;

function clock() {
  const began = Date.now();
  return {
    now: () => Date.now() - began,
    async until(ms: number): Promise<void> {
      if (!IS_SOAK) vi.setSystemTime(began + ms);
      else await new Promise((resolve) => setTimeout(resolve, Math.max(0, began + ms - Date.now())));
    },
  };
}

describe("the last minute of a link", () => {
  let region: Region;
  let staff: Ctx;
  beforeAll(async () => {
    ({ region, staff } = await openRegion());
  });
  afterEach(() => vi.useRealTimers());
  afterAll(() => region.stop());

  async function scrolling() {
    const study = await sendStudy(region, { of: somebody(), images: 4 });
    const one = await opened(region, staff, study, { mayDownload: true, days: 1 });
    const { studyId } = study;
    const { studies } = await Consent.readMine(one.patient, {});
    const [shown] = studies;
    if (shown?.state !== "open") throw new Error("not open");
    const seriesIds = shown.series.map(({ seriesId }) => seriesId);
    const { instances } = await Consent.seeSeries(one.patient, { seriesId: seriesIds[0] ?? "" });
    const instanceIds = instances.map(({ instanceId }) => instanceId);
    /** All that a browser that scrolls on, and downloads, could have in hand. */
    async function addresses(): Promise<string[]> {
      const [images, files] = [
        await Consent.signImages(one.patient, { studyId, instanceIds }),
        await Consent.signFiles(one.patient, { studyId, instanceIds }),
      ];
      return [...images.objects, ...files.files].flatMap((object) => ("url" in object ? [object.url] : []));
    }
    return { ...one, studyId, instanceIds, addresses };
  }

  it(
    "ended in mid-scroll: no request begun more than a minute later is answered by the object store",
    async () => {
      const { patient, linkId, studyId, instanceIds, addresses } = await scrolling();
      if (!IS_SOAK) vi.useFakeTimers({ toFake: ["Date"] });
      const time = clock();
      const inHand = new Set<string>();
      for (const at of [0, 7000, 14_000, 21_000]) {
        await time.until(at);
        for (const url of await addresses()) inHand.add(url);
      }
      await Consent.endLink(staff, { linkId });
      const ended = time.now();
      const asked: { afterMs: number; status: number }[] = [];
      for (const after of [0, 20_000, 40_000, 59_000, 60_100, 70_000, 120_000].slice(0, IS_SOAK ? 6 : 7)) {
        await time.until(ended + after);
        expect(await codeOf(Consent.signImages(patient, { studyId, instanceIds }))).toBe("link-ended");
        for (const url of inHand)
          for (const headers of [new Headers(), new Headers({ range: "bytes=0-99" })]) {
            const afterMs = time.now() - ended;
            const answer = await fetch(url, { headers });
            await answer.arrayBuffer();
            asked.push({ afterMs, status: answer.status });
          }
      }
      // It measures something: what was in hand was answered while it was good.
      expect(asked.filter(({ afterMs, status }) => afterMs < 1000 && status < 300).length).toBeGreaterThan(0);
      const late = asked.filter(({ afterMs }) => afterMs > 60_000);
      expect(late.length).toBeGreaterThan(2 * instanceIds.length);
      expect(new Set(late.map(({ status }) => status))).toEqual(new Set([403]));
    },
    IS_SOAK ? 180_000 : undefined,
  );

  it("its time is over: nothing more in the session that looks, kindly said after a code, and one button asks for a new link", async () => {
    const { patient, linkId, token, address, studyId, instanceIds } = await scrolling();
    vi.useFakeTimers({ toFake: ["Date"] });
    // Opened once more shortly before, so that the session itself still lives when the link doesn't.
    vi.setSystemTime(Date.now() + DAY - 60_000);
    expect(await codeOf(Consent.readMine(patient, {}))).toBe("SESSION_ENDED");
    const proof = await proved(region, { token, address });
    expect(proof.state).toBe("open");
    const again = await sessionOf(region, proof.state === "open" ? proof.secret : "");
    if (!again) throw new Error("no session");
    expect(await codeOf(Consent.readMine(again, {}))).toBe("done");
    vi.setSystemTime(Date.now() + 61_000);
    for (const work of [
      () => Consent.readMine(again, {}),
      () => Consent.signImages(again, { studyId, instanceIds }),
      () => Consent.signFiles(again, { studyId, instanceIds }),
      () => Consent.seeReport(again, { studyId }),
    ])
      expect(await codeOf(work())).toBe("link-expired");
    expect((await proved(region, { token, address })).state).toBe("expired");
    await Consent.askNewLink({ ...region.ctxOf({ kind: "system", id: "portal" }), door: "link" }, { token });
    const { tasks } = await Consent.listTasks(staff, {});
    expect(tasks).toContainEqual(expect.objectContaining({ kind: "new-link", linkId }));
  });
});
