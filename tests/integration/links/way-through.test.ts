import * as Consent from "@weald/core/consent";
import type { Ctx } from "@weald/core/kernel";
import type { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  at,
  newestTo,
  openRegion,
  proved,
  sendStudy,
  sessionOf,
  shared,
  somebody,
  tokenIn,
} from "./patient.ts";

/** A Wednesday, 10:00 in London. */
const OPEN_HOURS = new Date("2026-12-02T10:00:00Z");

describe("a patient's link", () => {
  let region: Region;
  let staff: Ctx;
  beforeAll(async () => {
    ({ region, staff } = await openRegion());
  });
  afterAll(() => region.stop());

  it("goes by message, opens with a code alone, and shows the images that it names", async () => {
    const sent = await sendStudy(region, { of: somebody() });
    const { linkId, address } = await shared(staff, sent, { delivery: "sent" });
    const hours = at(region.ctxOf({ kind: "system", id: "timer" }), OPEN_HOURS);
    expect(await Consent.sendMessages(hours, {})).toEqual({ due: 1, sent: 1 });
    const letter = await newestTo(region, address, "link");
    const token = tokenIn(letter?.text ?? "");
    const proof = await proved(region, { token, address });
    if (proof.state !== "open") throw new Error(proof.state);
    const patient = await sessionOf(region, proof.secret);
    if (!patient) throw new Error("no session");
    const mine = await Consent.readMine(patient, {});
    expect(mine).toMatchObject({ recipient: "patient", studies: [{ studyId: sent.studyId, state: "open" }] });
    const study = mine.studies[0];
    if (study?.state !== "open") throw new Error("not open");
    const seriesId = study.series[0]?.seriesId ?? "";
    const page = await Consent.seeSeries(patient, { seriesId });
    expect(page.instances).toHaveLength(2);
    const instanceIds = page.instances.map(({ instanceId }) => instanceId);
    const { objects } = await Consent.signImages(patient, { studyId: sent.studyId, instanceIds });
    for (const object of objects) {
      if (!("url" in object)) throw new Error("gone");
      const answer = await fetch(object.url);
      expect(answer.status).toBe(200);
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(300);
    }
    expect(linkId).toBeTruthy();
  });
});
