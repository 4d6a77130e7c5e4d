export {
  createDatabase,
  type Database,
  type DatabaseTransaction,
  type TransactionFacts,
} from "./database.ts";
export { Prisma } from "./generated/prisma/client.ts";
export { createPool } from "./pool.ts";
export { limitOf, unweighed } from "./statements.ts";
