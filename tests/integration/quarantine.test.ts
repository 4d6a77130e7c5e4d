import { createHash } from "node:crypto";
import * as Ingest from "@weald/core/ingest";
import type { Ctx } from "@weald/core/kernel";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { at, bytesOf, codeOf, dicom, image, rowan, rowOn, rows, sendAll, systemCtx } from "./sent.ts";

const stored = async (region: Region, prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of region.service.ports.inbox.list(prefix)) keys.push(key);
  return keys;
};

/** A valid object but for its Patient ID, so that nobody can say whose it is. */
const nameless = () => bytesOf({ more: { "00100020": { vr: "LO" } } });

describe("what is not accepted", () => {
  let region: Region;
  let manager: Ctx;
  beforeAll(async () => {
    region = await Region.create();
    manager = region.as("tom.reyes");
  });
  afterAll(() => region.stop());
  const waiting = async (ctx = manager) => (await Ingest.listQuarantine(ctx, {})).items;
  const putAside = async (bytes = nameless()) => {
    await sendAll(region, "RXC", dicom(bytes));
    const [newest] = await waiting();
    if (!newest) throw new Error("nothing waits");
    return newest;
  };

  it.each([
    ["PATIENT_ID_MISSING", nameless()],
    ["STUDY_UID_MISSING", bytesOf({ more: { "0020000D": { vr: "UI" } } })],
    ["SERIES_UID_MISSING", bytesOf({ more: { "0020000E": { vr: "UI" } } })],
    ["SOP_UID_MISSING", bytesOf({ more: { "00080018": { vr: "UI" } } })],
    ["STUDY_UID_MISSING", bytesOf({ study: "../../etc" })],
  ])("waits with a code and a sentence without the patient's data: %s", async (code, bytes) => {
    expect(await sendAll(region, "RXC", dicom(bytes))).toEqual([`quarantined ${code}`]);
    const [item] = await waiting();
    expect(item).toMatchObject({ code, state: "waiting", custodian: "RXC" });
    expect(item?.sentence.length).toBeGreaterThan(20);
    expect(item?.sentence).not.toMatch(/Alder|RXC-1001/);
  });

  it("is kept whole, outside the inbox", async () => {
    const bytes = nameless();
    const { objectKey } = await putAside(bytes);
    const kept: Uint8Array[] = [];
    for await (const chunk of await region.service.ports.inbox.read(objectKey)) kept.push(chunk);
    const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");
    expect(sha256(Buffer.concat(kept))).toBe(sha256(bytes));
    expect(await stored(region, "inbox/")).toEqual([]);
  });

  it("a DICOMDIR is skipped: nobody needs to look", async () => {
    const dicomdir = bytesOf({ more: { "00080016": { vr: "UI", Value: ["1.2.840.10008.1.3.10"] } } });
    const before = await waiting();
    expect(await sendAll(region, "RXC", dicom(dicomdir))).toEqual(["skipped DICOMDIR"]);
    expect(await waiting()).toEqual(before);
  });

  it("is seen and decided by the PACS manager of its trust alone, with a reason", async () => {
    const { id: quarantineId } = await putAside();
    expect(await waiting(region.as("sunita.kaur"))).toEqual([]);
    const decision = { quarantineId, reason: "not a patient" };
    for (const decide of [Ingest.retryQuarantined, Ingest.discardQuarantined]) {
      expect(await codeOf(decide(region.as("sunita.kaur"), decision))).toBe("not-your-trust");
      expect(await codeOf(decide(region.as("grace.fielding"), decision))).toBe("not-for-this-role");
      expect(await codeOf(decide(region.as("rohan.patel"), decision))).toBe("not-for-this-role");
      expect(await codeOf(decide(manager, { quarantineId, reason: " " }))).toBe("INPUT_INVALID");
    }
    expect((await waiting()).map(({ id }) => id)).toContain(quarantineId);
  });

  it("is discarded once: the row, its reason and who decided stay, the object goes", async () => {
    const { id: quarantineId, objectKey } = await putAside();
    await Ingest.discardQuarantined(manager, { quarantineId, reason: "a phantom" });
    expect(await codeOf(Ingest.discardQuarantined(manager, { quarantineId, reason: "again" }))).toBe(
      "ALREADY_DECIDED",
    );
    expect(await codeOf(Ingest.retryQuarantined(manager, { quarantineId, reason: "again" }))).toBe(
      "ALREADY_DECIDED",
    );
    const { items } = await Ingest.listQuarantine(manager, { state: "discarded" });
    expect(items.find(({ id }) => id === quarantineId)).toMatchObject({
      decisionReason: "a phantom",
      decidedBy: manager.actor.id,
    });
    expect(await stored(region, objectKey)).toEqual([]);
  });

  describe("tried again", () => {
    let study: string;
    let quarantineId: string;
    let objectKey: string;
    let number = 0;
    /** A local number that was somebody else's; then the other record is put right, as a correction would. */
    beforeEach(async () => {
      number += 1;
      study = mintUid();
      const localNumber = `Q${number}`;
      await sendAll(
        region,
        "RXC",
        image({ of: rowan({ localNumber, nhs: "", family: "Birch", given: "Hazel", born: "19880808" }) }),
      );
      expect(await sendAll(region, "RXC", image({ of: rowan({ localNumber, nhs: "" }), study }))).toEqual([
        "quarantined LOCAL_NUMBER_REUSED",
      ]);
      const [item] = await waiting();
      quarantineId = item?.id ?? "";
      objectKey = item?.objectKey ?? "";
      await rows(
        region,
        "UPDATE patient_record SET birth_date = '1961-04-03' WHERE local_number = $1 RETURNING id::text",
        localNumber,
      );
    });
    const isOnTheList = async () => (await rowOn(region.as("rohan.patel"), study)) !== undefined;

    it("is accepted after what stood in its way was put right", async () => {
      await Ingest.retryQuarantined(manager, { quarantineId, reason: "put right" });
      await region.drain();
      expect(await isOnTheList()).toBe(true);
      expect((await waiting()).map(({ id }) => id)).not.toContain(quarantineId);
      expect(await stored(region, objectKey)).toEqual([]);
    });
    it("comes back to quarantine where nothing was", async () => {
      await rows(
        region,
        "UPDATE patient_record SET birth_date = '1988-08-08' WHERE local_number = $1 RETURNING id::text",
        `Q${number}`,
      );
      await Ingest.retryQuarantined(manager, { quarantineId, reason: "perhaps" });
      await region.drain();
      expect(await isOnTheList()).toBe(false);
      expect((await waiting()).map(({ id }) => id)).toContain(quarantineId);
      expect(await stored(region, objectKey)).toEqual([objectKey]);
    });
    it("is not lost when the process dies after the decision: the sweep moves it", async () => {
      const dying: Ctx = {
        ...manager,
        service: {
          ...manager.service,
          crashPoint: (name) => {
            if (name === "after-commit") throw new Error("killed");
          },
        },
      };
      expect(await codeOf(Ingest.retryQuarantined(dying, { quarantineId, reason: "put right" }))).toBe(
        "killed",
      );
      expect(await stored(region, objectKey)).toEqual([objectKey]);
      expect(
        await Ingest.sweepInbox(at(systemCtx(region), new Date(Date.now() + 1000)), { olderThanSeconds: 0 }),
      ).toEqual({
        cleared: 0,
        driven: 1,
      });
      await region.drain();
      expect(await isOnTheList()).toBe(true);
      expect(await stored(region, objectKey)).toEqual([]);
    });
  });
});
