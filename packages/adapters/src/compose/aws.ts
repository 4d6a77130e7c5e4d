import { Resource } from "sst";
import { Config } from "../config.ts";

/** What SST links to a function, as the config that every process has. A link that is not granted is absent. */
export function configFromLinks(): Config {
  const { Db, Archive, Inbox, Arrivals, Facts, StorageIdSecret } = Resource;
  const url = new URL(`postgresql://${Db.host}:${Db.port}/${Db.database}`);
  url.username = Db.username;
  url.password = Db.password;
  url.searchParams.set("sslmode", "verify-full");
  return Config.parse({
    databaseUrl: url.toString(),
    databaseConnections: 2,
    storageIdSecret: StorageIdSecret.value,
    objects: { kind: "s3", region: process.env.AWS_REGION, inboxBucket: Inbox.name, archiveBucket: Archive.name },
    queues: { kind: "sqs", region: process.env.AWS_REGION, urls: { Arrivals: Arrivals.url, Facts: Facts.url } },
  });
}
