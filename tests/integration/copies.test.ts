import type { Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import * as Worklist from "@weald/core/worklist";
import { nhsNumberFrom } from "@weald/dev-env/phantoms";
import { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Radiograph, radiograph, type Stated, sourceOf } from "../fixtures/radiograph.ts";

let region: Region;
/** Reports for RA2, and sees every member. */
let reader: Ctx;
beforeAll(async () => {
  region = await Region.create();
  reader = region.as("rohan.patel");
});
afterAll(() => region.stop());

let issued = 500;
/** One person with a number in each of two trusts, joined by the rules. */
function person(family: string): { inRxc: Stated; inRa2: Stated } {
  issued += 1;
  const same = { family, given: "Rowan", born: "19610403", sex: "F", nhsNumber: nhsNumberFrom(issued) };
  return { inRxc: { ...same, number: `RXC-${issued}` }, inRa2: { ...same, number: `RA2-${issued}` } };
}

/** A series of so many images. The same UIDs every time it is asked for. */
const imagesOf = (base: Radiograph, numbers: readonly number[]): Radiograph[] =>
  numbers.map((instance) => ({ ...base, instance, sop: `${base.sop}.${instance}` }));

async function send(custodian: string, patient: Stated, images: readonly Radiograph[]): Promise<void> {
  const sent = await region.send(
    custodian,
    images.map((image) => sourceOf({ ...image, patient })),
  );
  expect(sent.map(({ outcome }) => outcome)).toEqual(images.map(() => "accepted"));
}

async function rowsOf(ctx: Ctx, studyInstanceUid: string, filters = {}) {
  const { rows } = await Worklist.list(ctx, { filters });
  return rows.filter((row) => row.studyInstanceUid === studyInstanceUid);
}

describe("copies of one study", () => {
  it("show as one row where their instance sets are equal, in whatever order they came", async () => {
    const { inRxc, inRa2 } = person("Aspen");
    const base = radiograph();
    await send("RXC", inRxc, imagesOf(base, [1, 2, 3]));
    await send("RA2", inRa2, imagesOf(base, [3, 1, 2]));
    const rows = await rowsOf(reader, base.study);
    expect(rows.map(({ custodian }) => custodian)).toEqual(["RA2"]);
    expect(rows[0]?.copies).toMatchObject([{ custodian: "RXC", moreThere: 0, moreHere: 0 }]);
    // Somebody of the other trust sees their own trust's row.
    const other = await rowsOf(region.as("amara.okafor@RXC"), base.study);
    expect(other.map(({ custodian }) => custodian)).toEqual(["RXC"]);
    // A third trust's reporter sees one too, the first that came.
    const third = await rowsOf(region.as("helen.whitlock"), base.study);
    expect(third.map(({ custodian }) => custodian)).toEqual(["RXC"]);
  });

  it("show as two rows where one holds more, and each says who holds what more", async () => {
    const { inRxc, inRa2 } = person("Beech");
    const base = radiograph();
    await send("RXC", inRxc, imagesOf(base, [1, 2, 3]));
    await send("RA2", inRa2, imagesOf(base, [2, 3, 4, 5, 6]));
    const rows = await rowsOf(reader, base.study);
    const copiesAt = new Map(rows.map(({ custodian, copies }) => [custodian, copies]));
    expect([...copiesAt.keys()].sort()).toEqual(["RA2", "RXC"]);
    expect(copiesAt.get("RXC")).toMatchObject([{ custodian: "RA2", moreThere: 3, moreHere: 1 }]);
    expect(copiesAt.get("RA2")).toMatchObject([{ custodian: "RXC", moreThere: 1, moreHere: 3 }]);
  });

  it("with the same number of images but others are not equal", async () => {
    const { inRxc, inRa2 } = person("Elm");
    const base = radiograph();
    await send("RXC", inRxc, imagesOf(base, [1, 2]));
    await send("RA2", inRa2, imagesOf(base, [1, 9]));
    expect(await rowsOf(reader, base.study)).toHaveLength(2);
  });

  it("become one row when the late image arrives, and two again when another comes", async () => {
    const { inRxc, inRa2 } = person("Fir");
    const base = radiograph();
    await send("RXC", inRxc, imagesOf(base, [1, 2]));
    await send("RA2", inRa2, imagesOf(base, [1]));
    expect(await rowsOf(reader, base.study)).toHaveLength(2);
    await send("RA2", inRa2, imagesOf(base, [2]));
    expect(await rowsOf(reader, base.study)).toHaveLength(1);
    await send("RXC", inRxc, imagesOf(base, [3]));
    expect(await rowsOf(reader, base.study)).toHaveLength(2);
  });

  it("of different people under one Study UID stay two, and neither speaks of the other", async () => {
    const base = radiograph();
    await send("RXC", person("Hazel").inRxc, imagesOf(base, [1]));
    await send("RA2", person("Holly").inRa2, imagesOf(base, [1]));
    const rows = await rowsOf(reader, base.study);
    expect(rows.map(({ copies }) => copies)).toEqual([[], []]);
  });

  it("stand on the patient's page and on the study's own as they stand on the list", async () => {
    const { inRxc, inRa2 } = person("Larch");
    const base = radiograph();
    await send("RXC", inRxc, imagesOf(base, [1]));
    await send("RA2", inRa2, imagesOf(base, [1, 2]));
    const [row] = await rowsOf(reader, base.study, { custodian: "RXC" });
    const page = await Timeline.read(reader, { patientId: row?.patientId ?? "" });
    expect(page.rows).toHaveLength(2);
    const opened = await Study.open(reader, { studyId: row?.studyId ?? "" });
    expect(opened.copies).toMatchObject([{ custodian: "RA2", moreThere: 1, moreHere: 0 }]);
  });
});

describe("filters and pages", () => {
  it("a list of one trust shows that trust's copy, though another stands for both elsewhere", async () => {
    const { inRxc, inRa2 } = person("Maple");
    const base = radiograph();
    await send("RXC", inRxc, imagesOf(base, [1]));
    await send("RA2", inRa2, imagesOf(base, [1]));
    for (const custodian of ["RXC", "RA2"]) {
      const rows = await rowsOf(reader, base.study, { custodian });
      expect(rows.map((row) => row.custodian)).toEqual([custodian]);
    }
  });

  it("every study is on exactly one page, whichever of its copies stands for it", async () => {
    const { inRxc, inRa2 } = person("Oak");
    // The copies' times differ: their places in the list lie pages apart.
    const at = (hour: string, minute: number) => ({
      "00080030": { vr: "TM", Value: [`${hour}${String(minute).padStart(2, "0")}00`] },
    });
    const bases = Array.from({ length: 60 }, () => radiograph());
    const studies = bases.map(({ study }) => study);
    const copied = bases.flatMap((base, minute) =>
      minute % 3 === 0 ? [{ ...base, more: at(minute % 2 ? "01" : "20", minute) }] : [],
    );
    await send(
      "RXC",
      inRxc,
      bases.map((base, minute) => ({ ...base, more: at("08", minute) })),
    );
    await send("RA2", inRa2, copied);
    const seen: string[] = [];
    let cursor: Awaited<ReturnType<typeof Worklist.list>>["next"];
    let pages = 0;
    do {
      const page = await Worklist.list(reader, { filters: {}, cursor: cursor ?? null });
      seen.push(...page.rows.map((row) => row.studyInstanceUid).filter((uid) => studies.includes(uid)));
      cursor = page.next;
      pages += 1;
    } while (cursor);
    expect(pages).toBeGreaterThan(1);
    expect([...seen].sort()).toEqual([...studies].sort());
  });
});

describe("a copy that the actor may not read", () => {
  it("is not betrayed to a radiographer, who sees their own trust's work", async () => {
    const { inRxc, inRa2 } = person("Pine");
    const base = radiograph();
    await send("RXC", inRxc, imagesOf(base, [1]));
    await send("RA2", inRa2, imagesOf(base, [1, 2]));
    const radiographer = region.as("grace.fielding");
    const rows = await rowsOf(radiographer, base.study);
    expect(rows).toMatchObject([{ custodian: "RXC", copies: [] }]);
    const opened = await Study.open(radiographer, { studyId: rows[0]?.studyId ?? "" });
    expect(opened.copies).toEqual([]);
  });

  it("is not betrayed where the record is restricted, and doesn't stand for what may be read", async () => {
    const { inRxc, inRa2 } = person("Rowan");
    const base = radiograph();
    await send("RXC", inRxc, imagesOf(base, [1]));
    await send("RA2", inRa2, imagesOf(base, [1]));
    const manager = region.as("tom.reyes");
    await Patient.markSensitive(manager, {
      custodian: "RXC",
      localNumber: inRxc.number,
      sensitivities: ["vip"],
    });
    // Only its custodian's reporters read a restricted record: each sees their own copy, and no word of the other.
    expect(await rowsOf(reader, base.study)).toMatchObject([{ custodian: "RA2", copies: [] }]);
    expect(await rowsOf(region.as("amara.okafor@RXC"), base.study)).toMatchObject([
      { custodian: "RXC", copies: [] },
    ]);
    expect(await rowsOf(region.as("helen.whitlock"), base.study)).toEqual([]);
  });
});
