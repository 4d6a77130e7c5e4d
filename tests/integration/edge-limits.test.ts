import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { EXPLICIT_LITTLE, mintUid, writeDataset } from "@weald/dicom";
import { call } from "@weald/edge/dimse/calling-side";
import { StreamedStore } from "@weald/edge/dimse/library";
import { afterEach, describe, expect, it } from "vitest";
import { CALLED, type EdgeProcess, edgeProcess, until } from "./edge/edge-process.ts";
import { DX, echo, store } from "./edge/scu.ts";
import { datasetOf } from "./sent.ts";

const NOWHERE = "http://127.0.0.1:9";
const MB = 1024 * 1024;

const anObject = () => {
  const sopInstanceUid = mintUid();
  return { sopInstanceUid, dataset: writeDataset(datasetOf({ sop: sopInstanceUid }), EXPLICIT_LITTLE) };
};

/** A data set of so many MB that nobody holds as a whole. */
async function* large(sopInstanceUid: string, megabytes: number): AsyncGenerator<Uint8Array> {
  yield writeDataset(datasetOf({ sop: sopInstanceUid }), EXPLICIT_LITTLE);
  const head = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x57, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32LE(megabytes * MB, 8);
  yield head;
  for (let at = 0; at < megabytes; at += 1) yield Buffer.alloc(MB, at);
}

/** The most memory that a process has had. */
const peakMb = (pid: number) =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;

describe("a gateway whose region is away", () => {
  let edge: EdgeProcess;
  afterEach(() => edge?.stop());
  const scu = () => ({ port: edge.dimsePort() });

  it("takes in, says since when it waits, and keeps it over a restart", async () => {
    edge = await edgeProcess({ regionUrl: NOWHERE });
    expect(await store(scu(), [anObject(), anObject()])).toEqual([0, 0]);
    await edge.kill();
    await edge.start();
    expect(await edge.metric("weald_edge_waiting")).toBe(2);
    const page = await (await fetch(edge.httpUrl())).text();
    expect(page).toContain('<th scope="row">routine</th><td>2</td>');
    expect((await fetch(`${edge.httpUrl()}/health`)).status).toBe(200);
  });

  it("refuses with A700 when the disk is nearly full, and keeps nothing of it", async () => {
    edge = await edgeProcess({ regionUrl: NOWHERE, config: { leastFreeBytes: Number.MAX_SAFE_INTEGER } });
    expect(await store(scu(), [anObject(), anObject()])).toEqual([0xa700, 0xa700]);
    expect((await echo(scu())).responses[0]?.getStatus()).toBe(0);
    expect(await edge.metric("weald_edge_waiting")).toBe(0);
    expect((await fetch(`${edge.httpUrl()}/health`)).status).toBe(503);
  });

  it("takes an object of 500 MB in flat memory", async () => {
    edge = await edgeProcess({ regionUrl: NOWHERE });
    await store(scu(), [anObject()]);
    const before = peakMb(edge.pid() ?? 0);
    const entity = { title: CALLED, host: "127.0.0.1", port: edge.dimsePort() };
    const side = await call({ entity, callingTitle: "CT1" }, (proposal) => {
      proposal.addTransferSyntaxToPresentationContext(proposal.addPresentationContext(DX), EXPLICIT_LITTLE);
    });
    const [context] = side.association?.getPresentationContexts() ?? [];
    if (!context) throw new Error("no context");
    const uid = mintUid();
    const answer = await side.storeStream(new StreamedStore(DX, uid, large(uid, 500)), context.context);
    side.release();
    expect(answer.getStatus()).toBe(0);
    expect(await edge.metric("weald_edge_waiting_bytes")).toBeGreaterThan(500 * MB);
    expect(peakMb(edge.pid() ?? 0) - before).toBeLessThan(150);
  });

  it("most urgent first: by the sender's entry, its priority, its modality", async () => {
    edge = await edgeProcess({
      regionUrl: NOWHERE,
      config: {
        applicationEntities: [{ title: "CT1" }, { title: "ED1", urgency: "urgent" }],
        urgencyOfModality: { DX: "bulk" },
      },
    });
    await store({ ...scu(), calling: "ED1" }, [anObject()]);
    await store(scu(), [anObject(), { ...anObject(), priority: 1 }]);
    const text = await (await fetch(`${edge.httpUrl()}/metrics`)).text();
    expect(text).toContain('weald_edge_waiting{urgency="urgent"} 2');
    expect(text).toContain('weald_edge_waiting{urgency="bulk"} 1');
  });

  it("cuts off who says nothing, who is slow, and who states a PDU without measure", async () => {
    const dimse = { associationSeconds: 0.3, pduSeconds: 0.3 };
    edge = await edgeProcess({ regionUrl: NOWHERE, config: { dimse } });
    for (const first of [Buffer.alloc(0), Buffer.from([1]), Buffer.from([1, 0, 0xff, 0xff, 0xff, 0xff])]) {
      const socket = connect(edge.dimsePort(), "127.0.0.1");
      socket.on("error", () => {});
      socket.write(first);
      await once(socket, "close");
    }
    expect((await echo(scu())).responses[0]?.getStatus()).toBe(0);
  });

  it("takes one association on one connection, and its place is free again after", async () => {
    edge = await edgeProcess({ regionUrl: NOWHERE, config: { dimse: { mostAssociationsOfOne: 1 } } });
    const entity = { title: CALLED, host: "127.0.0.1", port: edge.dimsePort() };
    const propose: Parameters<typeof call>[1] = (proposal) => {
      proposal.addTransferSyntaxToPresentationContext(proposal.addPresentationContext(DX), EXPLICIT_LITTLE);
    };
    const side = await call({ entity, callingTitle: "CT1" }, propose);
    const closed = once(side.gate, "close");
    if (side.association) side.sendAssociationRequest(side.association);
    await closed;
    await until("the place is free", async () => (await echo(scu())).ended === "released");
  });

  it("lets no caller take every association", async () => {
    edge = await edgeProcess({ regionUrl: NOWHERE, config: { dimse: { mostAssociationsOfOne: 1 } } });
    const entity = { title: CALLED, host: "127.0.0.1", port: edge.dimsePort() };
    const side = await call({ entity, callingTitle: "CT1" }, (proposal) => {
      proposal.addTransferSyntaxToPresentationContext(proposal.addPresentationContext(DX), EXPLICIT_LITTLE);
    });
    expect(await echo(scu())).toMatchObject({ ended: "rejected", rejected: { reason: 2 } });
    expect((await echo({ ...scu(), calling: "MR1" })).responses[0]?.getStatus()).toBe(0);
    side.release();
  });
});
