import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import * as Worklist from "@weald/core/worklist";
import { findPerson } from "@weald/dev-env/people";
import type { Region } from "@weald/dev-env/region";
import { growing, medianMs, tablesReadWhole } from "./growing-region.ts";

/** A clinician's patients of a month, and what an outside reporter has to report. */
const TIES = 60;
const SENT = 40;

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
    lists[reader] = {
      rows: rows.length,
      ms: await medianMs(() => Worklist.list(ctx, {})),
    };
  }
  const clinician = region.as("ines.marlow");
  const [row] = (await Worklist.list(clinician, {})).rows;
  if (!row) throw new Error("the clinician has no patients");
  const { studyId, patientId } = row;
  return {
    studies,
    "first page of one's own list": lists,
    "tables read whole by all of these": await tablesReadWhole(region, async () => {
      for (const ctx of Object.values(readersOf(region))) await Worklist.list(ctx, {});
      await Timeline.read(clinician, { patientId });
      await Study.open(clinician, { studyId });
    }),
    "a clinician opens a patient, ms": await medianMs(() => Timeline.read(clinician, { patientId })),
    "a clinician opens a study, ms": await medianMs(() => Study.open(clinician, { studyId })),
  };
}

/** Each one's own list with every exception of access in place, as the runtime role, median of nine. */
export const lists = () =>
  growing(async (region, size) => {
    // What the size before left: ties end, for the runtime role deletes nothing.
    await sql(region, "UPDATE relationship SET ends_at = now() - interval '1 minute' WHERE source = 'bench'");
    await addExceptions(region);
    return measure(region, size);
  });
