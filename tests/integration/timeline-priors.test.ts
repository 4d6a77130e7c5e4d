import * as Access from "@weald/core/access";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, image, sendAll, studyIdOf } from "./sent.ts";

const side = (letter: string) => ({ "00200062": { vr: "CS", Value: [letter] } });
const part = (name: string) => ({ "00180015": { vr: "CS", Value: [name] } });

describe("relevant priors, recent patients and accession numbers", () => {
  let region: Region;
  let reader: Ctx;
  const studies: Record<string, string> = {};
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    region = await Region.create();
    reader = region.as("rohan.patel");
    const shot = (name: string, date: string, description: string, more = {}) => {
      const study = mintUid();
      studies[name] = study;
      return image({ study, date, description, accession: `P-${name}`, ...more });
    };
    await sendAll(
      region,
      "RXC",
      shot("now", "20260101", "XR Knee", { more: { ...part("KNEE"), ...side("L") } }),
      shot("same", "20221101", "XR Knee", { more: { ...part("KNEE"), ...side("L") } }),
      shot("other", "20250101", "XR Knee", { more: { ...part("KNEE"), ...side("R") } }),
      shot("chest", "20251201", "XR Chest", { more: part("CHEST") }),
      shot("newer", "20260301", "MR Knee", { modality: "MR", more: { ...part("KNEE"), ...side("L") } }),
    );
    for (const [name, uid] of Object.entries(studies)) ids[name] = await studyIdOf(region, uid);
  });
  afterAll(() => region.stop());

  const named = (studyId: string) => Object.entries(ids).find(([, id]) => id === studyId)?.[0];

  it("ranks all of them with the reason, says which side and what is newer, and how many stand first", async () => {
    const found = await Timeline.priors(reader, { studyId: ids.now ?? "" });
    expect(found).toMatchObject({ shown: 3, newer: 1, regions: ["knee"], side: "L" });
    expect(found.priors.map(({ studyId }) => named(studyId))).toEqual(["same", "newer", "other", "chest"]);
    expect(found.priors.map(({ isOtherSide }) => isOtherSide)).toEqual([false, false, true, false]);
    expect(found.priors[0]).toMatchObject({ reason: "same region and side, X-ray, 3 y 2 m earlier" });
    expect(found.priors[1]).toMatchObject({ isNewer: true, seriesId: expect.any(String) });
  });

  it("asks the reading policy: a study that doesn't open has no priors either", async () => {
    expect(await codeOf(Timeline.priors(region.as("ines.marlow"), { studyId: ids.now ?? "" }))).toBe(
      "no-relationship",
    );
    expect(await codeOf(Timeline.priors(reader, { studyId: crypto.randomUUID() }))).toBe("STUDY_NOT_FOUND");
  });

  it("an accession number finds what one may open, and nothing else", async () => {
    const { studies: found } = await Timeline.findNumbered(reader, { accessionNumber: "P-now" });
    expect(found.map(({ studyId }) => studyId)).toEqual([ids.now]);
    expect(
      (await Timeline.findNumbered(region.as("ines.marlow"), { accessionNumber: "P-now" })).studies,
    ).toEqual([]);
  });

  it("one's own last patients come back while they are one's own to see, and nobody else's do", async () => {
    const { patient } = await Study.open(reader, { studyId: ids.now ?? "" });
    expect((await Timeline.listRecent(reader, {})).patients).toMatchObject([
      { patientId: patient.patientId, family: "Alder" },
    ]);
    expect((await Timeline.listRecent(region.as("helen.whitlock"), {})).patients).toEqual([]);
    await Access.recordObjection(region.as("tom.reyes"), {
      localNumber: "RXC-1001",
      discussedBy: "Dr Okafor",
    });
    expect((await Timeline.listRecent(reader, {})).patients).toEqual([]);
  });
});
