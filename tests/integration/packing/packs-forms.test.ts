import type { Ctx } from "@weald/core/kernel";
import { Region } from "@weald/dev-env/region";
import { HTJ2K_RPCL, mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { partsOf } from "../../contract/dicomweb/parts-of.ts";
import { valueAt as codedAt, codedStudy, SIZE } from "../../fixtures/coded/coded-study.ts";
import { dicom, rows } from "../sent.ts";
import { decoded, frameOf, pack, packUrl, rangeOf, readAll, textOf } from "./packed.ts";

describe("packs of what came in another form", () => {
  let region: Region;
  let reader: Ctx;
  const study = mintUid();
  beforeAll(async () => {
    region = await Region.create();
    reader = region.as("amara.okafor@RXC");
    const coded = await codedStudy(
      { studyInstanceUid: study, patientId: "RXC-CODED", family: "Coded", description: "Codings" },
      "without",
    );
    await region.send(
      "RXC",
      coded.map(({ bytes }) => dicom(bytes)),
    );
    await region.drain();
    await pack(region);
  }, 120_000);
  afterAll(() => region.stop());

  it("holds what every lossless form unpacks to, and leaves what was packed with loss as it is", async () => {
    const held = await rows<{ id: string; studyId: string }>(
      region,
      `SELECT e.id::text, e.study_id::text AS "studyId" FROM series e JOIN study s ON s.id = e.study_id
       WHERE s.study_instance_uid = $1`,
      study,
    );
    const packed: string[] = [];
    const stayed: Record<string, string> = {};
    for (const { id, studyId } of held) {
      const [instance] = await readAll(reader, id);
      const syntax = instance?.transferSyntaxUid.replace("1.2.840.10008.1.2", "") ?? "";
      if (!instance?.packed) {
        const [row] = await rows<{ key: string }>(
          region,
          "SELECT manifest_key AS key FROM pack WHERE series_id = $1::uuid",
          id,
        );
        stayed[syntax] = JSON.parse(
          (await textOf(region, row?.key ?? "")).split("\n")[1] ?? "{}",
        ).packed.stays;
        continue;
      }
      packed.push(syntax);
      const url = (await packUrl(reader, studyId, instance.packed.packId)) ?? "";
      const bytes = Buffer.from(await decoded(await rangeOf(url, frameOf(instance))));
      for (let row = 0; row < SIZE; row += 1)
        for (let column = 0; column < SIZE; column += 1)
          expect(bytes.readUInt16LE((row * SIZE + column) * 2)).toBe(codedAt(column, row, 12));
    }
    expect(stayed).toEqual({
      ".1.99": "unread-syntax",
      ".4.50": "lossy-source",
      ".4.81": "lossy-source",
      ".4.91": "lossy-source",
      ".4.203": "lossy-source",
      ...Object.fromEntries(Object.entries(stayed).filter(([, why]) => why === "sent-smaller")),
    });
    expect(packed).toEqual(expect.arrayContaining(["", ".1", ".2", ".1.98"]));
    expect(packed.length + Object.keys(stayed).length).toBe(15);
  });

  it("gives its frames by WADO-RS: as they lie where HTJ2K is accepted, unpacked where nothing is said", async () => {
    const token = await region.tokenOf(region.system("RXC"));
    const held = await rows<{ id: string; studyId: string; uid: string }>(
      region,
      `SELECT e.id::text, e.study_id::text AS "studyId", e.series_instance_uid AS uid FROM series e
       JOIN study s ON s.id = e.study_id WHERE s.study_instance_uid = $1`,
      study,
    );
    const given: string[] = [];
    for (const { id, studyId, uid } of held) {
      const [instance] = await readAll(reader, id);
      const address = `${region.dicomwebUrl}/studies/${study}/series/${uid}/instances/${instance?.sopInstanceUid}/frames/1`;
      const asked = async (syntax: string) => {
        const accept = `multipart/related; type="application/octet-stream"${syntax}`;
        const answer = await fetch(address, { headers: { authorization: `Bearer ${token}`, accept } });
        return answer.ok
          ? { status: 200, body: (await partsOf(answer))[0]?.body }
          : { status: answer.status };
      };
      const htj2k = await asked(`; transfer-syntax=${HTJ2K_RPCL}`);
      const plain = await asked("");
      expect(plain.status).toBe(200);
      if (!instance?.packed) {
        expect(htj2k.status).toBe(instance?.transferSyntaxUid === HTJ2K_RPCL ? 200 : 406);
        continue;
      }
      given.push(instance.transferSyntaxUid);
      // What was sent in this syntax is given as it was sent.
      if (instance.transferSyntaxUid !== HTJ2K_RPCL) {
        const url = (await packUrl(reader, studyId, instance.packed.packId)) ?? "";
        expect(Buffer.compare(htj2k.body ?? Buffer.alloc(0), await rangeOf(url, frameOf(instance)))).toBe(0);
      }
      expect(
        Buffer.compare(await decoded(htj2k.body ?? Buffer.alloc(0)), plain.body ?? Buffer.alloc(0)),
      ).toBe(0);
    }
    expect(given.length).toBeGreaterThan(4);
  });
});
