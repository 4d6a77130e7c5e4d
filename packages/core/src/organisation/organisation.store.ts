import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Organisation } from "./organisation.ts";

export async function readOrganisations(tx: Tx): Promise<Organisation[]> {
  const rows = await databaseOf(tx).organisation.findMany({
    select: { odsCode: true, name: true, part: true, sites: true },
    orderBy: { name: "asc" },
  });
  return rows.map((row) => ({ ...row, part: row.part === "member" ? "member" : "partner" }));
}

export async function writeOrganisation(tx: Tx, organisation: Organisation): Promise<void> {
  const { odsCode, ...rest } = organisation;
  await databaseOf(tx).organisation.upsert({
    where: { odsCode },
    create: { odsCode, ...rest },
    update: rest,
    select: { odsCode: true },
  });
}

export async function beginAgreement(tx: Tx, odsCode: string): Promise<void> {
  const db = databaseOf(tx);
  const standing = await db.agreement.findFirst({ where: { odsCode, endsAt: null }, select: { id: true } });
  if (standing) return;
  await db.agreement.create({ data: { odsCode, startsAt: tx.now }, select: { id: true } });
}
