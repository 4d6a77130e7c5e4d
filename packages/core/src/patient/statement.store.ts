import { z } from "zod";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Says, Statement } from "./statement.ts";

const text = z.string().nullish();
const Stored = z.object({
  issuer: text,
  nhs: z
    .object({
      number: z.string(),
      isVerified: z
        .boolean()
        .nullish()
        .transform((said) => said ?? undefined),
    })
    .nullish(),
  name: z
    .object({
      family: z.string(),
      given: z.string(),
      middle: z.string(),
      prefix: z.string(),
      ideographic: text.transform((said) => said ?? undefined),
      phonetic: text.transform((said) => said ?? undefined),
    })
    .nullish(),
  birthDate: text,
  sex: text,
  addressKey: text,
});

/** Everything that was said of these numbers of one trust. */
export async function findStatements(
  tx: Tx,
  custodian: string,
  localNumbers: readonly string[],
): Promise<(Statement & { localNumber: string })[]> {
  const rows = await databaseOf(tx).patientStatement.findMany({
    where: { custodian, localNumber: { in: [...localNumbers] } },
    select: { localNumber: true, source: true, saidAt: true, isUpdate: true, says: true },
  });
  return rows.map(({ says, ...row }): Statement & { localNumber: string } => ({
    ...row,
    says: Stored.parse(says),
  }));
}

export async function isSaid(
  tx: Tx,
  custodian: string,
  localNumber: string,
  source: string,
): Promise<boolean> {
  const found = await databaseOf(tx).patientStatement.findUnique({
    where: { custodian_localNumber_source: { custodian, localNumber, source } },
    select: { id: true },
  });
  return found !== null;
}

const stored = (says: Says): object => JSON.parse(JSON.stringify(says));

export async function writeStatement(
  tx: Tx,
  custodian: string,
  localNumber: string,
  statement: Statement,
): Promise<void> {
  const { source, saidAt, isUpdate, says } = statement;
  await databaseOf(tx).patientStatement.createMany({
    data: [{ custodian, localNumber, source, saidAt, isUpdate, says: stored(says), receivedAt: tx.now }],
    skipDuplicates: true,
  });
}
