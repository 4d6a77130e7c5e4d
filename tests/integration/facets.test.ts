import * as Correction from "@weald/core/correction";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import pg from "pg";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { at, image, report, rowan, rows, sendAll, sendUnfinished, studyIdOf, systemCtx } from "./sent.ts";

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
       IS DISTINCT FROM (SELECT array_agg(f ORDER BY f)
         FROM unnest(weald.facets_of(s) || CASE WHEN weald.has_incomplete(s.id) THEN ARRAY['series incomplete'] ELSE '{}' END) f)`,
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

const settle = (minutes: number) =>
  Study.settle(at(systemCtx(region), new Date(Date.now() + minutes * 60_000)), {});

it("a list of what is incomplete follows what arrives, settles, stays short and is corrected", async () => {
  const of = rowan({ localNumber: "FACET-I", family: "Teasel", nhs: "" });
  const [study, short] = [mintUid(), mintUid()];
  const [first, second, gap] = [mintUid(), mintUid(), mintUid()];
  const shot = (series: string, number: number) => image({ of, study, series, number, date: "20261010" });
  const shotShort = (number: number) =>
    image({ of, study: short, series: gap, number, modality: "CT", date: "20261011" });
  await settle(60);
  expect(await listed({ isIncomplete: true })).toEqual([]);
  await sendUnfinished(region, "RXC", [shot(first, 1), shot(second, 1)]);
  await sendAll(region, "RXC", shotShort(1), shotShort(3));
  expect(await listed({ isIncomplete: true })).toEqual([short, study]);
  await settle(120);
  // It has a gap, and keeps it.
  expect(await listed({ isIncomplete: true })).toEqual([short]);
  await sendUnfinished(region, "RXC", [shot(first, 2)]);
  expect(await listed({ isIncomplete: true })).toEqual([short, study]);
  expect(await listed({ isIncomplete: true, modality: "CT" })).toEqual([short]);

  await Correction.ask(region.as("grace.fielding"), {
    ...{ kind: "correct", studyId: await studyIdOf(region, short), level: "study", ids: [] },
    ...{ says: { studyDate: "2025-02-01" }, reason: "wrong" },
  } as never);
  expect(await listed({ isIncomplete: true })).toEqual([study, short]);
  await sendAll(region, "RXC", shotShort(2));
  await settle(180);
  expect(await listed({ isIncomplete: true })).toEqual([]);
  expect(await amiss()).toEqual([]);
}, 60_000);

it("an incomplete series takes it along to the study that it is put into, and back", async () => {
  const [here, there, whole, arriving] = [mintUid(), mintUid(), mintUid(), mintUid()];
  const of = rowan({ localNumber: "FACET-S", family: "Sorrel", nhs: "" });
  await sendAll(
    region,
    "RXC",
    image({ of, study: here, series: whole }),
    image({ of, study: there, series: mintUid() }),
  );
  await sendUnfinished(region, "RXC", [image({ of, study: here, series: arriving })]);
  const incomplete = async () =>
    (await listed({ isIncomplete: true })).filter((uid) => uid === here || uid === there);
  expect(await incomplete()).toEqual([here]);
  const [studyId, goalId] = [await studyIdOf(region, here), await studyIdOf(region, there)];
  const { series } = await Study.open(reader, { studyId });
  const manager = region.as("grace.fielding");
  const { correctionId } = await Correction.ask(manager, {
    kind: "split",
    studyId,
    level: "series",
    ids: series
      .filter(({ seriesInstanceUid }) => seriesInstanceUid === arriving)
      .map(({ seriesId }) => seriesId),
    into: { studyId: goalId },
    reason: "of the other one",
  });
  expect(await incomplete()).toEqual([there]);
  await Correction.undo(manager, { correctionId, reason: "it was of this one" });
  expect(await incomplete()).toEqual([here]);
  expect(await amiss()).toEqual([]);
}, 60_000);

/** A transaction of the runtime role, as the system. */
async function begun(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: region.environment.WEALD_DATABASE_URL });
  await client.connect();
  await client.query("BEGIN");
  await client.query("SELECT weald.begin_as(NULL, '', now())");
  return client;
}

it("a study of which one series settles while another is opened stays on it", async () => {
  const of = rowan({ localNumber: "FACET-R", family: "Yarrow", nhs: "" });
  const [study, first, second] = [mintUid(), mintUid(), mintUid()];
  await sendAll(region, "RXC", image({ of, study, series: first }));
  await sendUnfinished(region, "RXC", [image({ of, study, series: second })]);
  const [opening, settling] = [await begun(), await begun()];
  await opening.query("UPDATE series SET settled_at = NULL WHERE series_instance_uid = $1", [first]);
  const settled = settling.query("UPDATE series SET settled_at = now() WHERE series_instance_uid = $1", [
    second,
  ]);
  await vi.waitFor(async () => {
    const { rows: waiting } = await opening.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    expect(waiting).toHaveLength(1);
  }, 10_000);
  await opening.query("COMMIT");
  await settled;
  await settling.query("COMMIT");
  await Promise.all([opening.end(), settling.end()]);
  expect(await listed({ isIncomplete: true })).toContain(study);
  expect(await amiss()).toEqual([]);
});
