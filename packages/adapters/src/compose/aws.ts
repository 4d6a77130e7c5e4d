import { Resource } from "sst";
import { Config } from "../config.ts";

/** What SST links to a function is absent for the others, and asking for it throws. */
function linked<T>(...ask: readonly (() => T)[]): T {
  for (const one of ask.slice(0, -1)) {
    try {
      return one();
    } catch {
      // not linked to this function: the next name
    }
  }
  const last = ask.at(-1);
  if (!last) throw new Error("nothing was asked for");
  return last();
}

/** What SST links to this function, as the config that every process has. */
export function configFromLinks(): Config {
  const { Db, StorageIdSecret, ArrivalsSend, FactsSend } = Resource;
  const url = new URL(`postgresql://${Db.host}:${Db.port}/${Db.database}`);
  url.username = Db.username;
  url.password = Db.password;
  url.searchParams.set("sslmode", "verify-full");
  return Config.parse({
    databaseUrl: url.toString(),
    databaseConnections: 2,
    storageIdSecret: StorageIdSecret.value,
    objects: {
      kind: "s3",
      region: process.env.AWS_REGION,
      inboxBucket: linked(
        () => Resource.InboxWork.name,
        () => Resource.InboxUpload.name,
      ),
      archiveBucket: linked(
        () => Resource.ArchiveWrite.name,
        () => Resource.ArchiveRead.name,
      ),
    },
    queues: {
      kind: "sqs",
      region: process.env.AWS_REGION,
      urls: { Arrivals: ArrivalsSend.url, Facts: FactsSend.url },
    },
  });
}
