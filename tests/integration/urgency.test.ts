import * as Ingest from "@weald/core/ingest";
import type { Urgency } from "@weald/core/ports";
import { type FunctionHost, inProcessHost } from "@weald/dev-env/cloud";
import { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "./crash/crash-region.ts";
import { bytesOf, rows, systemCtx } from "./sent.ts";

const BACKLOG = 60;
/** What one batch of a queue holds. */
const BATCH = 10;

/** As a region on one machine has it: one process, which takes one batch after the other. */
function oneByOne(host: FunctionHost): FunctionHost {
  let before: Promise<unknown> = Promise.resolve();
  return {
    ...host,
    invoke(event, how) {
      const answer = before.then(() => host.invoke(event, how));
      before = answer.catch(() => undefined);
      return answer;
    },
  };
}

describe("what waits to be taken in", () => {
  let region: Region;
  beforeAll(async () => {
    region = await Region.create({
      functions: () => (spec) =>
        spec.id === "ArrivalsSubscriber" ? oneByOne(inProcessHost(spec)) : inProcessHost(spec),
    });
  });
  afterAll(() => region.stop());

  /** Signed and put, as a sender does; the bucket tells its queue. */
  async function put(door: "send" | "import", count: number, urgency?: Urgency): Promise<string[]> {
    const gateway = region.gateway("RXC");
    const { uploadId } = await Ingest.beginUpload(gateway, { door });
    const objects = Array.from({ length: count }, () => bytesOf({}));
    const files = objects.map((bytes, index) => ({
      ...{ ref: String(index), sizeBytes: bytes.length, kind: "dicom" as const, urgency },
    }));
    const { items } = await Ingest.signItems(gateway, { uploadId, files });
    for (const { ref, put: signed } of items) {
      const body = new Uint8Array(objects[Number(ref)] ?? []);
      expect((await fetch(signed.url, { method: "PUT", headers: signed.headers, body })).status).toBe(200);
    }
    return items.map(({ itemId }) => itemId);
  }
  const waitingIn = async () =>
    Object.fromEntries(
      (await region.cloud.depths())
        .filter(({ waiting }) => waiting > 0)
        .map(({ queue, waiting }) => [queue, waiting]),
    );
  /** Items with an outcome, first come first. */
  const settled = async () =>
    (
      await rows<{ id: string }>(
        region,
        "SELECT id::text FROM inbox_item WHERE outcome IS NOT NULL ORDER BY settled_at",
      )
    ).map(({ id }) => id);

  it("goes in by urgency: what is urgent behind no backlog, history last, whoever says otherwise of it", async () => {
    const routine = await put("send", BACKLOG);
    const history = [
      ...(await put("send", BACKLOG / 2, "bulk")),
      ...(await put("import", BACKLOG / 2, "urgent")),
    ];
    const urgent = await put("send", 3, "urgent");
    expect(await waitingIn()).toEqual({ Arrivals: BACKLOG, BulkArrivals: BACKLOG, UrgentArrivals: 3 });

    await region.cloud.start();
    await until("every queue is empty", async () => Object.keys(await waitingIn()).length === 0);
    const order = await settled();
    expect(order.toSorted()).toEqual([...routine, ...history, ...urgent].toSorted());
    const last = (ids: readonly string[]) => Math.max(...ids.map((id) => order.indexOf(id)));
    // A batch of each of the others may be on its way when the first poll finds what is urgent.
    expect(last(urgent)).toBeLessThan(3 + 2 * BATCH);
    const before = order.slice(0, last(routine));
    expect(history.filter((id) => before.includes(id)).length).toBeLessThanOrEqual(2 * BATCH);
  }, 120_000);

  it("is told again by the sweep to the queue of its own urgency", async () => {
    await region.cloud.stop();
    const gateway = region.gateway("RXC");
    const { uploadId } = await Ingest.beginUpload(gateway, { door: "send" });
    const bytes = bytesOf({});
    for (const urgency of ["urgent", "routine", "bulk"] as const) {
      const files = [{ ref: "0", sizeBytes: bytes.length, kind: "dicom" as const, urgency }];
      const { items } = await Ingest.signItems(gateway, { uploadId, files });
      const [{ key = "" } = {}] = await rows<{ key: string }>(
        region,
        "SELECT inbox_key AS key FROM inbox_item WHERE id = $1::uuid",
        items[0]?.itemId,
      );
      // No notification tells of it.
      await region.service.ports.inbox.put(key, bytes, { contentType: "application/dicom" });
    }
    expect(await waitingIn()).toEqual({});
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await Ingest.sweepInbox(systemCtx(region), { olderThanSeconds: 0 });
    expect(await waitingIn()).toEqual({ UrgentArrivals: 1, Arrivals: 1, BulkArrivals: 1 });
  });
});
