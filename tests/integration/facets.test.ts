import * as Correction from "@weald/core/correction";
import type { Ctx } from "@weald/core/kernel";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, expect, it } from "vitest";
import { image, report, rowan, rows, sendAll, studyIdOf } from "./sent.ts";

let region: Region;
let reader: Ctx;
beforeAll(async () => {
  region = await Region.create();
  reader = region.as("amara.okafor@RXC");
}, 60_000);
afterAll(() => region.stop());

type Filters = NonNullable<Parameters<typeof Worklist.list>[1]["filters"]>;
const listed = async (filters: Filters) =>
  (await Worklist.list(reader, { filters })).rows.map(({ studyInstanceUid }) => studyInstanceUid);
/** Rows of facets that say what the study doesn't, or leave out what it does. */
const amiss = async () =>
  rows<{ id: string }>(
    region,
    `SELECT s.id::text FROM study s WHERE (SELECT array_agg(f.facet ORDER BY f.facet) FROM study_facet f
         WHERE f.study_id = s.id AND f.is_current AND f.custodian = s.custodian AND f.studied_at IS NOT DISTINCT FROM s.studied_at
           AND f.study_date IS NOT DISTINCT FROM s.study_date)
       IS DISTINCT FROM (SELECT array_agg(f ORDER BY f) FROM unnest(weald.facets_of(s)) f)`,
  );

it("a list by modality and by its report's state follows what comes, is reported, corrected and rejected", async () => {
  const study = mintUid();
  const of = rowan({ localNumber: "FACET-1", family: "Spindle", nhs: "" });
  const shot = { of, study, accession: "FACET-A" };
  const spoken = { of, accession: "FACET-A", text: "Clear." };
  await sendAll(region, "RXC", image({ ...shot, series: mintUid(), modality: "CT" }));
  expect(await listed({ modality: "CT" })).toEqual([study]);
  expect(await listed({ modality: "MR" })).toEqual([]);
  expect(await listed({ reportState: "unreported" })).toEqual([study]);

  await sendAll(region, "RXC", image({ ...shot, series: mintUid(), modality: "MR" }));
  expect(await listed({ modality: "MR" })).toEqual([study]);
  expect(await listed({ modality: "CT", reportState: "unreported" })).toEqual([study]);

  await sendAll(region, "RXC", report({ ...spoken, status: "P", id: "F1", at: "20261101120000" }));
  await region.drain();
  expect(await listed({ reportState: "unreported" })).toEqual([]);
  expect(await listed({ reportState: "preliminary", modality: "MR" })).toEqual([study]);

  await sendAll(region, "RXC", report({ ...spoken, status: "F", id: "F2", at: "20261101130000" }));
  await region.drain();
  expect(await listed({ reportState: "preliminary" })).toEqual([]);
  expect(await listed({ reportState: "reported" })).toEqual([study]);

  const studyId = await studyIdOf(region, study);
  const manager = region.as("grace.fielding");
  const correct = (says: object) =>
    Correction.ask(manager, {
      kind: "correct",
      studyId,
      level: "study",
      ids: [],
      says,
      reason: "wrong",
    } as never);
  await correct({ accessionNumber: "FACET-B" });
  expect(await listed({ reportState: "unreported" })).toEqual([study]);
  await correct({ studyDate: "2025-01-31" });
  expect(await listed({ modality: "CT", from: "2025-01-31", to: "2025-01-31" })).toEqual([study]);
  expect(await listed({ modality: "CT", from: "2026-01-01" })).toEqual([]);
  await correct({ accessionNumber: "FACET-A" });
  expect(await listed({ reportState: "reported" })).toEqual([study]);

  const [mr] = await rows<{ id: string }>(
    region,
    "SELECT id::text FROM series WHERE study_id = $1::uuid AND modality = 'MR'",
    studyId,
  );
  await Correction.ask(manager, {
    ...{ kind: "reject", studyId, level: "series", ids: [mr?.id ?? ""] },
    ...{ code: "113001", reason: "moved" },
  } as never);
  expect(await listed({ modality: "MR" })).toEqual([]);
  expect(await listed({ modality: "CT" })).toEqual([study]);
  expect(await amiss()).toEqual([]);
}, 60_000);

it("goes on page by page, and those without a time come last", async () => {
  const studies = Array.from({ length: 5 }, () => mintUid());
  for (const [index, study] of studies.entries())
    await sendAll(
      region,
      "RXC",
      image({
        ...{
          study,
          modality: "NM",
          of: rowan({ localNumber: `FACET-P${index}`, family: `Rowan${index}`, nhs: "" }),
        },
        ...(index === 4 ? { more: { "00080020": { vr: "DA" } } } : { date: `2026100${5 - index}` }),
      }),
    );
  const filters = { modality: "NM" };
  const { rows: all } = await Worklist.list(reader, { filters });
  expect(all.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual(studies);
  const [, second] = all;
  const cursor = { studiedAt: second?.studiedAt ?? null, studyId: second?.studyId ?? "" };
  const { rows: rest } = await Worklist.list(reader, { filters, cursor });
  expect(rest.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual(studies.slice(2));
  expect(await amiss()).toEqual([]);
});
