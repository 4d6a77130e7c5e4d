import path from "node:path";
import { migrateLinkedDatabase } from "@weald/adapters/migrate";

/**
 * The database, brought forward to this version before any other function is told where it is (infra/database.ts). Asked again it does
 * nothing. What went wrong ends the deployment, and is what the deployment says.
 */
export async function handler() {
  const applied = await migrateLinkedDatabase(path.join(process.env.LAMBDA_TASK_ROOT ?? ".", "migrations"));
  return { applied };
}
