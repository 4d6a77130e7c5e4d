import { Region } from "@weald/dev-env/region";
import { EXPLICIT_LITTLE, IMPLICIT_LITTLE, mintUid, writeDataset, writeMetaHeader } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EdgeProcess, edgeProcess } from "./edge/edge-process.ts";
import { type RegionDoor, regionDoor } from "./edge/region-door.ts";
import { DX, echo, store } from "./edge/scu.ts";
import { datasetOf, rows, type Shot } from "./sent.ts";

type InstanceRow = { object_key: string; sop_instance_uid: string };

describe("a gateway between modalities and its region", () => {
  let region: Region;
  let door: RegionDoor;
  let edge: EdgeProcess;
  beforeAll(async () => {
    region = await Region.create();
    door = await regionDoor(region);
    edge = await edgeProcess({ regionUrl: door.url });
  });
  afterAll(async () => {
    await edge?.stop();
    await door?.close();
    await region?.stop();
  });
  const scu = () => ({ port: edge.dimsePort() });
  const object = (shot: Shot = {}, transferSyntaxUid = EXPLICIT_LITTLE) => {
    const sopInstanceUid = shot.sop ?? mintUid();
    const dataset = writeDataset(datasetOf({ ...shot, sop: sopInstanceUid }), transferSyntaxUid);
    return { sopInstanceUid, dataset, transferSyntaxUid };
  };

  async function kept(sopInstanceUid: string): Promise<Uint8Array[]> {
    const found = await rows<InstanceRow>(
      region,
      "SELECT object_key, sop_instance_uid FROM instance WHERE sop_instance_uid = $1",
      sopInstanceUid,
    );
    return Promise.all(
      found.map(async ({ object_key }) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of await region.service.ports.archive.read(object_key)) pieces.push(piece);
        return Buffer.concat(pieces);
      }),
    );
  }

  it("answers C-ECHO, again and again on one association", async () => {
    expect((await echo(scu())).responses[0]?.getStatus()).toBe(0);
  });

  it("refuses a caller that isn't registered, and a name that isn't ours", async () => {
    expect(await echo({ ...scu(), calling: "NOBODY" })).toMatchObject({
      ended: "rejected",
      rejected: { reason: 3 },
    });
    expect(await echo({ ...scu(), called: "OTHER" })).toMatchObject({
      ended: "rejected",
      rejected: { reason: 7 },
    });
  });

  it.each([EXPLICIT_LITTLE, IMPLICIT_LITTLE])(
    "brings the data set into the region byte for byte: %s",
    async (syntax) => {
      const sent = object({}, syntax);
      expect(await store(scu(), [sent])).toEqual([0]);
      await edge.settled();
      const meta = writeMetaHeader({
        sopClassUid: DX,
        sopInstanceUid: sent.sopInstanceUid,
        transferSyntaxUid: syntax,
        sourceAeTitle: "CT1",
      });
      expect(await kept(sent.sopInstanceUid)).toEqual([Buffer.concat([meta, sent.dataset])]);
    },
  );

  it("the same object twice is one object", async () => {
    const sent = object();
    expect(await store(scu(), [sent, sent])).toEqual([0, 0]);
    expect(await store(scu(), [sent])).toEqual([0]);
    await edge.settled();
    expect(await kept(sent.sopInstanceUid)).toHaveLength(1);
  });

  it("takes a SOP class that nobody knows", async () => {
    const sent = {
      ...object({ more: { "00080016": { vr: "UI", Value: ["1.2.3.4.5"] } } }),
      sopClassUid: "1.2.3.4.5",
    };
    expect(await store(scu(), [sent])).toEqual([0]);
    await edge.settled();
    expect(await kept(sent.sopInstanceUid)).toHaveLength(1);
  });

  it("says nothing of a patient in its log, on its page, or in its metrics", async () => {
    const sent = object({ description: "Secret description" });
    await store(scu(), [sent]);
    const said = [
      ...edge.lines,
      await (await fetch(edge.httpUrl())).text(),
      await (await fetch(`${edge.httpUrl()}/metrics`)).text(),
    ].join("\n");
    for (const word of ["Alder", "Rowan", "9990000018", "RXC-1001", "Secret", sent.sopInstanceUid])
      expect(said).not.toContain(word);
  });
});
