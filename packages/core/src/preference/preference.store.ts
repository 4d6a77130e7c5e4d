import { organisationOf, type Tx } from "../kernel/index.ts";
import { databaseOf } from "../kernel/tx.ts";
import { type ViewerPreference, viewerPreferenceSchema } from "./viewer-preference.ts";

const ofActor = ({ actor }: Tx) => ({ personId: actor.id, organisation: organisationOf(actor) ?? "" });

/** What this person keeps under this organisation; what an older version wrote and this one doesn't read is as if absent. */
export async function findPreference(tx: Tx): Promise<ViewerPreference> {
  const row = await databaseOf(tx).viewerPreference.findUnique({
    where: { personId_organisation: ofActor(tx) },
    select: { value: true },
  });
  const read = viewerPreferenceSchema.safeParse(row?.value ?? {});
  return read.success ? read.data : viewerPreferenceSchema.parse({});
}

/** The same, for this transaction alone until it ends: whoever changes it too waits. */
export async function lockPreference(tx: Tx): Promise<ViewerPreference> {
  const { personId, organisation } = ofActor(tx);
  const nothing = JSON.stringify(viewerPreferenceSchema.parse({}));
  const db = databaseOf(tx);
  await db.$executeRaw`
    INSERT INTO viewer_preference (person_id, organisation, value, changed_at)
    VALUES (${personId}, ${organisation}, ${nothing}::jsonb, ${tx.now}::timestamptz) ON CONFLICT DO NOTHING`;
  await db.$queryRaw`
    SELECT 1 FROM viewer_preference WHERE person_id = ${personId} AND organisation = ${organisation} FOR UPDATE`;
  return findPreference(tx);
}

export async function writePreference(tx: Tx, value: ViewerPreference): Promise<void> {
  const own = ofActor(tx);
  await databaseOf(tx).viewerPreference.upsert({
    where: { personId_organisation: own },
    create: { ...own, value, changedAt: tx.now },
    update: { value, changedAt: tx.now },
    select: { personId: true },
  });
}
