import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { type DicomJson, mintUid, readPart10 } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, dicom, image, rowan, rows, studyIdOf, systemCtx } from "../../integration/sent.ts";
import { partsOf } from "./parts-of.ts";

describe("what is retrieved is what is served", () => {
  let region: Region;
  let token: string;
  beforeAll(async () => {
    region = await Region.create();
    token = await region.tokenOf(region.system("RXC", ["studies.read", "studies.read.region"]));
  });
  afterAll(() => region.stop());
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${region.dicomwebUrl}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const bodyOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());
  const read = async (bytes: Uint8Array) =>
    readPart10(
      (async function* () {
        yield bytes;
      })(),
    );
  const overlay = (studyId: string, level: string, targetId: string, attributes: DicomJson) =>
    rows(
      region,
      `INSERT INTO overlay (id, custodian, level, target_id, study_id, version, attributes, reason, written_by, written_at)
       VALUES (uuidv7(), 'RXC', $1, $2::uuid, $3::uuid, 1, $4::jsonb, 'typed at the wrong desk', 'p-pacs', '2026-11-02T09:30:00Z') RETURNING id::text`,
      level,
      targetId,
      studyId,
      JSON.stringify(attributes),
    );

  it("a correction is in metadata, objects and marks; all else of the object is as it was stored", async () => {
    const [study, series, sop] = [mintUid(), mintUid(), mintUid()];
    const bytes = Buffer.from(bytesOf({ study, series, sop, description: "Hand left" }));
    await region.send("RXC", [dicom(bytes)]);
    const path = `/studies/${study}/series/${series}/instances/${sop}`;
    const accept = "application/dicom; transfer-syntax=*";
    const before = (await get(path, { accept })).headers.get("etag");
    const studyId = await studyIdOf(region, study);
    await overlay(studyId, "study", studyId, { "00081030": { vr: "LO", Value: ["Hand réchts"] } });
    const answer = await get(path, { accept });
    expect(answer.headers.get("etag")).not.toBe(before);
    const got = await bodyOf(answer);
    const { dataset, deviations, pixelData, transferSyntaxUid } = await read(got);
    const [header] = (await (await get(`${path}/metadata`)).json()) as DicomJson[];
    const { "7FE00010": _pixels, ...metadata } = header ?? {};
    expect(dataset).toEqual(metadata);
    expect(dataset["00081030"]?.Value).toEqual(["Hand réchts"]);
    const [history] = (dataset["04000561"]?.Value ?? []) as DicomJson[];
    const stood = history?.["04000550"]?.Value?.[0] as DicomJson | undefined;
    expect(stood?.["00081030"]?.Value).toEqual(["Hand left"]);
    expect([deviations, transferSyntaxUid]).toEqual([[], "1.2.840.10008.1.2.1"]);
    const frame = pixelData?.frames[0] ?? { offset: 0, length: 0 };
    expect(got.subarray(frame.offset).equals(bytes.subarray(bytes.length - 32))).toBe(true);
    // Everything in front of the first changed element is the same bytes.
    const at = bytes.indexOf("Hand left");
    expect(got.subarray(0, at - 8).equals(bytes.subarray(0, at - 8))).toBe(true);
  });

  it("a side that was corrected in one series is corrected in its frames too, and in no other series", async () => {
    const study = mintUid();
    const text = (value: string) => ({ vr: "CS", Value: [value] });
    const frames = { "00209071": { vr: "SQ", Value: [{ "00209072": text("L") }] } };
    const more = { "00200062": text("L"), "52009230": { vr: "SQ", Value: [frames, frames] } };
    const [wrong, right] = [mintUid(), mintUid()].map((series) => ({ series, sop: mintUid() }));
    if (!wrong || !right) throw new Error("two series");
    const of = rowan({ localNumber: "S1", nhs: "" });
    await region.send("RXC", [image({ study, ...wrong, of, more }), image({ study, ...right, of, more })]);
    const studyId = await studyIdOf(region, study);
    const [series] = await rows<{ id: string }>(
      region,
      "SELECT id::text FROM series WHERE series_instance_uid = $1",
      wrong.series,
    );
    await overlay(studyId, "series", series?.id ?? "", { "00200062": text("R") });
    const sidesOf = async ({ series: uid, sop }: { series: string; sop: string }) => {
      const path = `/studies/${study}/series/${uid}/instances/${sop}`;
      const { dataset } = await read(
        await bodyOf(await get(path, { accept: "application/dicom; transfer-syntax=*" })),
      );
      const [metadata] = (await (await get(`${path}/metadata`)).json()) as DicomJson[];
      const said = [dataset, metadata].map((header) => [
        header?.["00200062"]?.Value,
        JSON.stringify(header?.["52009230"])
          .match(/"00209072":\{"vr":"CS","Value":\["[LR]"\]/g)
          ?.map((one) => one.at(-3)),
      ]);
      expect(said[0]).toEqual(said[1]);
      return said[0];
    };
    expect(await sidesOf(wrong)).toEqual([["R"], ["R", "R"]]);
    expect(await sidesOf(right)).toEqual([["L"], ["L", "L"]]);
  });

  it("text of a correction beside another character set: the whole header is written in UTF-8, none of it changed", async () => {
    const [study, series, sop] = [mintUid(), mintUid(), mintUid()];
    const latin = Buffer.from(
      bytesOf({
        study,
        series,
        sop,
        of: rowan({ family: "Muller", localNumber: "L1", nhs: "" }),
        more: { "00080005": { vr: "CS", Value: ["ISO_IR 100"] } },
      }),
    );
    latin.write("M\u00fcller", latin.indexOf("Muller"), "latin1");
    await region.send("RXC", [dicom(latin)]);
    const studyId = await studyIdOf(region, study);
    await overlay(studyId, "study", studyId, { "00081030": { vr: "LO", Value: ["Žebro"] } });
    const { dataset } = await read(
      await bodyOf(
        await get(`/studies/${study}/series/${series}/instances/${sop}`, {
          accept: "application/dicom; transfer-syntax=*",
        }),
      ),
    );
    expect(dataset["00100010"]?.Value).toEqual([{ Alphabetic: "Müller^Rowan" }]);
    expect(dataset["00081030"]?.Value).toEqual(["Žebro"]);
    expect(dataset["00080005"]?.Value).toEqual(["ISO_IR 192"]);
  });

  it("an object that came without file meta information goes out with one, its data set untouched", async () => {
    const [study, series, sop] = [mintUid(), mintUid(), mintUid()];
    const whole = Buffer.from(bytesOf({ study, series, sop, of: rowan({ localNumber: "N1", nhs: "" }) }));
    const { dataset: said } = await read(whole);
    const start = whole.indexOf(Buffer.from([8, 0, 5, 0]), 132);
    await region.send("RXC", [dicom(whole.subarray(start))]);
    const got = await bodyOf(
      await get(`/studies/${study}/series/${series}/instances/${sop}`, { accept: "application/dicom" }),
    );
    const { hasMetaHeader, meta, dataset } = await read(got);
    expect([hasMetaHeader, meta["00020003"]?.Value, dataset]).toEqual([true, [sop], said]);
    expect(got.subarray(got.length - (whole.length - start)).equals(whole.subarray(start))).toBe(true);
  });

  it("what a trust rejected is not there", async () => {
    const [study, series] = [mintUid(), mintUid()];
    const of = rowan({ localNumber: "J1", nhs: "" });
    const sops = [mintUid(), mintUid()];
    await region.send(
      "RXC",
      sops.map((sop, index) => image({ study, series, sop, of, number: index + 1 })),
    );
    await rows(
      region,
      "UPDATE instance SET rejected_at = now() WHERE sop_instance_uid = $1 RETURNING id::text",
      sops[0],
    );
    const metadata = (await (await get(`/studies/${study}/metadata`)).json()) as DicomJson[];
    expect(metadata.map((header) => header["00080018"]?.Value?.[0])).toEqual([sops[1]]);
    expect((await get(`/studies/${study}/series/${series}/instances/${sops[0]}`)).status).toBe(404);
    expect(await partsOf(await get(`/studies/${study}`))).toHaveLength(1);
  });

  it("of two trusts' copies the fullest is the region's view, and a difference is told; each trust's own is at its address", async () => {
    const [study, series] = [mintUid(), mintUid()];
    const sops = [mintUid(), mintUid(), mintUid()];
    const of = rowan({ localNumber: "C1" });
    const shots = sops.map((sop, index) => ({ study, series, sop, number: index + 1 }));
    await region.send(
      "RXC",
      shots.slice(0, 1).map((shot) => image({ ...shot, of })),
    );
    await region.send(
      "RTK",
      shots.map((shot) => image({ ...shot, of: { ...of, localNumber: "T1" } })),
    );
    const answer = await get(`/studies/${study}/metadata`);
    expect(answer.headers.get("warning")).toMatch(/^299 /);
    expect(await answer.json()).toHaveLength(3);
    expect(await (await get(`/RXC/studies/${study}/metadata`)).json()).toHaveLength(1);
    expect(await (await get(`/RTK/studies/${study}/metadata`)).json()).toHaveLength(3);
    const own: Ctx = region.system("RXC", ["studies.read"]);
    const mine = await fetch(`${region.dicomwebUrl}/studies/${study}/metadata`, {
      headers: { authorization: `Bearer ${await region.tokenOf(own)}` },
    });
    expect(mine.headers.get("warning")).toBeNull();
    expect(await mine.json()).toHaveLength(1);
  });

  it("more than a function streams is refused with the narrower paths", async () => {
    const [study, series, sop] = [mintUid(), mintUid(), mintUid()];
    await region.send("RXC", [image({ study, series, sop, of: rowan({ localNumber: "B1", nhs: "" }) })]);
    await rows(
      region,
      "UPDATE instance SET size_bytes = 300000000 WHERE sop_instance_uid = $1 RETURNING id::text",
      sop,
    );
    const answer = await get(`/studies/${study}`);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({
      code: "RETRIEVE_TOO_LARGE",
      message: expect.stringContaining("/series/{series}"),
    });
  });

  it("a page begun before a correction is not gone on with", async () => {
    const study = mintUid();
    await region.send("RXC", [image({ study, of: rowan({ localNumber: "P1", nhs: "" }) })]);
    const ctx = systemCtx(region);
    const first = await Study.retrieve(ctx, { studyInstanceUid: study, asStored: "all" });
    await expect(
      Study.retrieve(ctx, {
        studyInstanceUid: study,
        asStored: "all",
        servedVersion: first.servedVersion + 1,
      }),
    ).rejects.toMatchObject({ code: "STUDY_CORRECTED" });
  });

  it("a program's preamble is cleared: it comes as an attachment that no browser runs", async () => {
    const [study, series, sop] = [mintUid(), mintUid(), mintUid()];
    const bytes = Buffer.from(bytesOf({ study, series, sop, of: rowan({ localNumber: "Y1", nhs: "" }) }));
    bytes.write("MZ\u0090", 0, "latin1");
    await region.send("RXC", [dicom(bytes)]);
    const answer = await get(`/studies/${study}/series/${series}/instances/${sop}`, {
      accept: "application/dicom; transfer-syntax=*",
    });
    const got = await bodyOf(answer);
    expect(got.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
    expect(got.subarray(128).equals(bytes.subarray(128))).toBe(true);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment/);
  });
});
