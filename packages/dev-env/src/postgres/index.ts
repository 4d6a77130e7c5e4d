export {
  PostgresFailed,
  type PostgresOptions,
  type RunningPostgres,
  startPostgres,
} from "./start-postgres.ts";
export { createTestDatabase, startTestCluster, type TestCluster, type TestDatabase } from "./test-cluster.ts";
