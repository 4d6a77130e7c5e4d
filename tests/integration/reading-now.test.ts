import * as Annotation from "@weald/core/annotation";
import type { Ctx } from "@weald/core/kernel";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, codeOf, image, sendAll, studyIdOf } from "./sent.ts";

const text = (vr: string, ...Value: string[]) => ({ vr, Value });

describe("reading now", () => {
  let region: Region;
  let [rohan, amara, ines]: Ctx[] = [];
  const who = () => ({ rohan: rohan as Ctx, amara: amara as Ctx, ines: ines as Ctx });
  beforeAll(async () => {
    region = await Region.create();
    [rohan, amara, ines] = [region.as("rohan.patel"), region.as("amara.okafor"), region.as("ines.marlow")];
  }, 60_000);
  afterAll(() => region.stop());

  async function sent(more: Parameters<typeof image>[0]) {
    await sendAll(region, "RXC", image(more));
    return studyIdOf(region, more.study ?? "");
  }
  const reads = (ctx: Ctx, studyId: string, is: "reading" | "left" = "reading") =>
    Annotation.noteReading(ctx, { studyId, is }).then(({ readers }) => readers);
  const listed = async (ctx: Ctx, studyId: string) =>
    (await Worklist.whoReads(ctx, { studyIds: [studyId] }))[0]?.readers ?? [];

  it("says to the others who reads a study, for which trust and since when, on their list and at its opening", async () => {
    const studyId = await sent({ study: mintUid() });
    const began = new Date();
    expect(await reads(at(who().rohan, began), studyId)).toEqual([]);
    const later = new Date(began.getTime() + 20_000);
    await reads(at(who().rohan, later), studyId);
    const organisation = (who().rohan.actor as { organisation: string }).organisation;
    expect(await reads(at(who().amara, later), studyId)).toEqual([
      { name: expect.any(String), organisation, since: began.toISOString() },
    ]);
    expect(await listed(at(who().amara, later), studyId)).toMatchObject([{ since: began.toISOString() }]);
    // Nobody is told of oneself.
    expect((await listed(at(who().rohan, later), studyId)).map(({ since }) => since)).toEqual([
      later.toISOString(),
    ]);
  });

  it("a browser that is dead frees it after a minute, one that is closed at once, and who comes back begins anew", async () => {
    const studyId = await sent({ study: mintUid() });
    const began = new Date();
    const plus = (seconds: number) => new Date(began.getTime() + seconds * 1000);
    await reads(at(who().rohan, began), studyId);
    expect(await listed(at(who().amara, plus(59)), studyId)).toHaveLength(1);
    expect(await listed(at(who().amara, plus(61)), studyId)).toEqual([]);
    await reads(at(who().rohan, plus(90)), studyId);
    expect(await listed(at(who().amara, plus(91)), studyId)).toMatchObject([
      { since: plus(90).toISOString() },
    ]);
    await reads(at(who().rohan, plus(92)), studyId, "left");
    expect(await listed(at(who().amara, plus(93)), studyId)).toEqual([]);
  });

  it("never on a screening study, and not of who may not report it", async () => {
    const screening = await sent({
      ...{ study: mintUid(), modality: "MG", accession: "READNOW1" },
      more: { "00081032": { vr: "SQ", Value: [{ "00080100": text("SH", "24623002") }] } },
    });
    await reads(who().rohan, screening);
    expect(await reads(who().amara, screening)).toEqual([]);
    expect(await listed(who().amara, screening)).toEqual([]);

    const plain = await sent({ study: mintUid() });
    expect(await codeOf(reads(who().ines, plain))).toBe("no-relationship");
    expect(await listed(who().amara, plain)).toEqual([]);
  });

  it("says nothing of a study that isn't on the asker's list", async () => {
    const studyId = await sent({ study: mintUid() });
    await reads(who().rohan, studyId);
    expect(await listed(who().ines, studyId)).toEqual([]);
    expect(await listed(who().amara, studyId)).toHaveLength(1);
  });
});
