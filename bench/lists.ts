import { performance } from "node:perf_hooks";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { findPerson } from "@weald/dev-env/people";
import { startTestCluster } from "@weald/dev-env/postgres";
import { Region } from "@weald/dev-env/region";
import { fillWithStudies } from "@weald/tests/fixtures/many-studies.ts";

const SIZES = [1000, 100_000] as const;
const TIMES = 9;
/** A clinician's patients of a month, and what an outside reporter has to report. */
const TIES = 60;
const SENT = 40;

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < TIMES; turn += 1) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return Number((times.sort((a, b) => a - b)[Math.floor(TIMES / 2)] ?? 0).toFixed(1));
}

const sql = (region: Region, text: string, ...values: unknown[]) =>
  region.service.db.transaction({ organisation: null, patients: [], now: new Date() }, (tx) =>
    tx.$executeRawUnsafe(text, ...values),
  );
const idOf = (key: string) => findPerson(key)?.person.uid ?? "";

/** Everything that a list must look at: ties, what was sent, a mark in a hundred people, an objection in a hundred. */
async function addExceptions(region: Region): Promise<void> {
  await sql(
    region,
    "UPDATE patient_record SET sensitivities = '{vip}' WHERE abs(hashtext(id::text)) % 100 = 0",
  );
  await sql(
    region,
    `INSERT INTO objection (id, patient_record_id, patient_id, held_by, discussed_by, recorded_by, starts_at)
     SELECT uuidv7(), id, patient_id, custodian, 'x', 'x', now() - interval '1 day' FROM patient_record WHERE abs(hashtext(id::text)) % 100 = 1`,
  );
  const tie = (person: string, kind: string, study: string, count: number) =>
    sql(
      region,
      `INSERT INTO relationship (id, patient_id, person_id, organisation, kind, source, starts_at, ends_at, study_id)
       SELECT uuidv7(), patient_id, $1, 'RYR', $2, 'bench', now() - interval '1 day', now() + interval '30 days', ${study}
       FROM study s ORDER BY hashtext(id::text) LIMIT $3`,
      person,
      kind,
      count,
    );
  await tie(idOf("ines.marlow"), "admission", "NULL", TIES);
  await tie(idOf("lena.vogt"), "reporting", "s.id", SENT);
  await sql(
    region,
    `INSERT INTO agreement (id, ods_code, with_ods, starts_at) SELECT uuidv7(), t, 'ORC', now() - interval '1 day' FROM unnest(ARRAY['RXC','RA2','RTK']) t
     WHERE NOT EXISTS (SELECT 1 FROM agreement WHERE with_ods = 'ORC')`,
  );
}

function readersOf(region: Region): Record<string, Ctx> {
  const chest = region.as("grace.fielding");
  if (chest.actor.kind !== "person") throw new Error("a radiographer is a person");
  return {
    "a clinician": region.as("ines.marlow"),
    "a radiologist": region.as("amara.okafor@RXC"),
    "a radiographer of one trust": region.as("grace.fielding"),
    "who reports one modality": {
      ...chest,
      actor: { ...chest.actor, scoped: [{ activity: "report", modalities: ["XA"], bodyParts: [] }] },
    },
    "an outside reporter": region.as("lena.vogt"),
    "a privacy officer": region.as("edmund.frost"),
  };
}

async function measure(region: Region, studies: number) {
  const lists: Record<string, { rows: number; ms: number }> = {};
  for (const [reader, ctx] of Object.entries(readersOf(region))) {
    const { rows } = await Worklist.list(ctx, {});
    lists[reader] = { rows: rows.length, ms: await medianMs(() => Worklist.list(ctx, {})) };
  }
  const clinician = region.as("ines.marlow");
  const [row] = (await Worklist.list(clinician, {})).rows;
  if (!row) throw new Error("the clinician has no patients");
  const { studyId, patientId } = row;
  return {
    studies,
    "first page of one's own list": lists,
    "a clinician opens a patient, ms": await medianMs(() => Worklist.openPatient(clinician, { patientId })),
    "a clinician opens a study, ms": await medianMs(() => Study.open(clinician, { studyId })),
  };
}

/** Each one's own list with every exception of access in place, as the runtime role, median of nine. */
export async function lists() {
  const cluster = await startTestCluster();
  process.env.WEALD_TEST_POSTGRES = cluster.adminUrl;
  const region = await Region.create();
  try {
    const results = [];
    let from = 0;
    for (const size of SIZES) {
      await fillWithStudies(region, { studies: size - from, patients: Math.ceil((size - from) / 2.5), from });
      await sql(region, "DELETE FROM relationship WHERE source = 'bench'");
      await addExceptions(region);
      results.push(await measure(region, size));
      from = size;
    }
    return results;
  } finally {
    await region.stop();
    await cluster.stop();
  }
}
