import { startTestCluster } from "./test-cluster.ts";

/** Vitest's global set-up: one PostgreSQL for the run. */
export default async function setup() {
  const cluster = await startTestCluster();
  process.env.WEALD_TEST_POSTGRES = cluster.adminUrl;
  return () => cluster.stop();
}
