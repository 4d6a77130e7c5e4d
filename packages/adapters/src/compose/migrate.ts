import { migrateDeploy, setRuntimePassword } from "@weald/db/migrate";

/** As the owner: what is missing of these migrations, then the runtime role's password. @returns The names that were applied. */
export async function migrateDatabase(
  { ownerUrl, password }: { ownerUrl: string; password: string },
  folder?: string,
): Promise<string[]> {
  const applied = await migrateDeploy(ownerUrl, folder);
  await setRuntimePassword(ownerUrl, password);
  return applied;
}

/** The same of the database that SST links to this function. */
export async function migrateLinkedDatabase(folder: string): Promise<string[]> {
  // Only a deployed function has SST's links; the import would fail anywhere else.
  const { ownerFromLinks } = await import("./aws.ts");
  return migrateDatabase(ownerFromLinks(), folder);
}
