export { livingServer } from "./server-process.ts";
export {
  POSTGRES_MAJOR,
  PostgresFailed,
  type PostgresOptions,
  type RunningPostgres,
  startPostgres,
  stopPostgres,
} from "./start-postgres.ts";
export { createTestDatabase, startTestCluster, type TestCluster, type TestDatabase } from "./test-cluster.ts";
