import * as Ingest from "@weald/core/ingest";
import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, codeOf, dicom, request, rows, sendAll, studyIdOf } from "./sent.ts";

const OVER = 91;
/** The end of the ninetieth day is not over yet. */
const NEARLY = 89;

describe("how objects came out three months ago", () => {
  let region: Region;
  beforeAll(async () => {
    region = await Region.create();
  });
  afterAll(() => region.stop());

  const countItems = async (uploadId: string): Promise<number> => {
    const sql = "SELECT count(*)::int AS count FROM inbox_item WHERE upload_id = $1::uuid";
    const [row] = await rows<{ count: number }>(region, sql, uploadId);
    return row?.count ?? -1;
  };
  /** One sending of these objects, taken in, as if it had been so many days ago. */
  async function sent(days: number, ...objects: Uint8Array[]) {
    const gateway = region.gateway("RXC");
    const { uploadId } = await Ingest.beginUpload(gateway, { door: "send" });
    const files = objects.map((bytes, at) => ({
      ref: String(at),
      sizeBytes: bytes.length,
      kind: "dicom" as const,
    }));
    const { items } = await Ingest.signItems(gateway, { uploadId, files });
    for (const { ref, put } of items) {
      const body = Buffer.from(objects[Number(ref)] ?? []);
      const answer = await fetch(put.url, { method: "PUT", headers: put.headers, body });
      expect(answer.status).toBe(200);
    }
    await region.drain();
    const shift = "- make_interval(days => $2::int)";
    await rows(
      region,
      `UPDATE inbox_item SET created_at = created_at ${shift}, settled_at = settled_at ${shift} WHERE upload_id = $1::uuid`,
      uploadId,
      days,
    );
    await rows(
      region,
      `UPDATE upload SET created_at = created_at ${shift} WHERE id = $1::uuid`,
      uploadId,
      days,
    );
    const itemIds = items.map(({ itemId }) => itemId);
    const outcomes = () => Ingest.readOutcomes(gateway, { uploadId, itemIds });
    return { uploadId, outcomes };
  }
  const letGo = () => region.cloud.tick("SweepInbox");

  it("are let go of, and the images stand as they stood", async () => {
    const study = mintUid();
    const { uploadId, outcomes } = await sent(OVER, bytesOf({ study }), bytesOf({ study }));
    expect((await outcomes()).map(({ outcome }) => outcome)).toEqual(["accepted", "accepted"]);
    const studyId = await studyIdOf(region, study);
    const held = async () => {
      const opened = await Study.open(region.as("amara.okafor@RXC"), { studyId });
      return opened.series.map(({ instanceCount }) => instanceCount);
    };
    const before = await held();

    await letGo();
    expect(await countItems(uploadId)).toBe(0);
    // Its sender, away for three months, is told that nobody knows it, and sends what it still has again.
    expect(await codeOf(outcomes())).toBe("UPLOAD_NOT_FOUND");
    expect(await held()).toEqual(before);
  });

  it("are known for as long as somebody may ask", async () => {
    const { outcomes } = await sent(NEARLY, bytesOf({}));
    await letGo();
    expect((await outcomes()).map(({ outcome }) => outcome)).toEqual(["accepted"]);
  });

  it("what waits for a person keeps its row, and its sender is told of the rest that it is let go of", async () => {
    const nameless = bytesOf({ more: { "00100020": { vr: "LO" } } });
    const { uploadId, outcomes } = await sent(OVER, bytesOf({}), nameless);
    await letGo();
    expect(await countItems(uploadId)).toBe(1);
    expect(await codeOf(outcomes())).toBe("OUTCOMES_LET_GO");
    const { items } = await Ingest.listQuarantine(region.as("tom.reyes"), {});
    expect(items.map(({ code }) => code)).toContain("PATIENT_ID_MISSING");
  });

  it("what was never taken in keeps its row, however old", async () => {
    const gateway = region.gateway("RXC");
    const { uploadId } = await Ingest.beginUpload(gateway, { door: "send" });
    const files = [{ ref: "0", sizeBytes: 1000, kind: "dicom" as const }];
    await Ingest.signItems(gateway, { uploadId, files });
    await rows(
      region,
      "UPDATE inbox_item SET created_at = now() - interval '200 days' WHERE upload_id = $1::uuid",
      uploadId,
    );
    await letGo();
    expect(await countItems(uploadId)).toBe(1);
  });

  it("messages keep theirs: what was said is found by it", async () => {
    const said = request({ accession: "LETGO1", id: "letgo-1", at: "20261101090000" });
    expect(await sendAll(region, "RXC", said)).toEqual(["accepted"]);
    await rows(region, "UPDATE inbox_item SET settled_at = now() - interval '200 days' WHERE kind = 'hl7'");
    await letGo();
    const [row] = await rows<{ count: number }>(
      region,
      "SELECT count(*)::int AS count FROM hl7_message m JOIN inbox_item i ON i.id = m.inbox_item_id",
    );
    expect(row?.count).toBeGreaterThan(0);
  });

  it("an object that is sent again after that is known for what it is", async () => {
    const bytes = bytesOf({});
    await sent(OVER, bytes);
    await letGo();
    expect(await sendAll(region, "RXC", dicom(bytes))).toEqual(["duplicate"]);
  });

  it("nobody lets go of anything younger than thirty days, whoever asks", async () => {
    const asked = rows(region, "SELECT weald.let_go_of_outcomes(now() - interval '29 days', 10)");
    await expect(asked).rejects.toThrow(/thirty days/);
  });
});
