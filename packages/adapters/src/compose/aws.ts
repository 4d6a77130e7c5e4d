import { Resource } from "sst";
import { Config, FrontConfig, notifierFrom, originsIn, WATCHED } from "../config.ts";

/** Stands for what this function was not given: using it is refused, as its role would be. */
const NOT_LINKED = { bucket: "not-linked-to-this-function", queue: "https://not-linked.invalid/" };

/** The first of these that SST has linked to this function: asking for another throws. */
function linked<T>(...ask: readonly (() => T)[]): T | undefined {
  for (const one of ask) {
    try {
      return one();
    } catch {
      // not linked to this function: the next name
    }
  }
  return undefined;
}

type Linked = { host: string; port: number; database: string; username: string; password: string };

function databaseUrl({ host, port, database, username, password }: Linked): string {
  const url = new URL(`postgresql://${host}:${port}/${database}`);
  url.username = username;
  url.password = password;
  url.searchParams.set("sslmode", "verify-full");
  return url.toString();
}

/** For the function that migrates, and no other: the tables' owner, and the password that the runtime role is to have. */
export const ownerFromLinks = () => ({
  ownerUrl: databaseUrl(Resource.DatabaseOwner),
  password: Resource.DatabasePassword.value,
});

/** What SST links to this function, as the config that every process has. A function is given only what it uses. */
export function configFromLinks(): Config {
  const inbox = linked(
    () => Resource.InboxWork.name,
    () => Resource.InboxUpload.name,
  );
  const archive = linked(
    () => Resource.ArchiveWrite.name,
    () => Resource.ArchiveManifests.name,
    () => Resource.ArchiveRead.name,
  );
  const shares = linked(
    () => Resource.SharesSweep.name,
    () => Resource.SharesWrite.name,
  );
  const spool = linked(
    () => Resource.SpoolMerge.name,
    () => Resource.SpoolWrite.name,
  );
  const seals = linked(
    () => Resource.SealsWrite.name,
    () => Resource.SealsRead.name,
  );
  return Config.parse({
    databaseUrl: databaseUrl(Resource.Database),
    issuer: process.env.WEALD_ISSUER,
    databaseConnections: 2,
    storageIdSecret: linked(() => Resource.StorageIdSecret.value),
    objects: {
      kind: "s3",
      region: process.env.AWS_REGION,
      inboxBucket: inbox ?? NOT_LINKED.bucket,
      archiveBucket: archive ?? NOT_LINKED.bucket,
      sharesBucket: shares ?? NOT_LINKED.bucket,
      spoolBucket: spool ?? NOT_LINKED.bucket,
      sealsBucket: seals ?? NOT_LINKED.bucket,
    },
    drawing: callOf(linked(() => Resource.DrawPictureInvoke.name)),
    packing: callOf(linked(() => Resource.PackFramesInvoke.name)),
    notifier: notifierFrom({
      ...process.env,
      WEALD_NOTIFY_API_KEY: linked(() => Resource.NotifyApiKey.value),
    }),
    queues: {
      kind: "sqs",
      region: process.env.AWS_REGION,
      urls: {
        UrgentArrivals: linked(() => Resource.ArrivalsSend.urgent) ?? NOT_LINKED.queue,
        Arrivals: linked(() => Resource.ArrivalsSend.routine) ?? NOT_LINKED.queue,
        BulkArrivals: linked(() => Resource.ArrivalsSend.bulk) ?? NOT_LINKED.queue,
        Facts: linked(() => Resource.FactsSend.url) ?? NOT_LINKED.queue,
      },
      watched: watchedFromLinks(),
    },
  });
}

const callOf = (name: string | undefined) =>
  name === undefined ? undefined : { region: process.env.AWS_REGION, function: name };

const watchedFromLinks = () =>
  Object.fromEntries(
    WATCHED.map((queue) => [queue, linked(() => Resource.QueuesWatch[queue]) ?? NOT_LINKED.queue]),
  );

/** The archive alone, for a function that has nothing else. */
export const archiveFromLinks = (): Config["objects"] =>
  Config.shape.objects.parse({
    kind: "s3",
    region: process.env.AWS_REGION,
    inboxBucket: NOT_LINKED.bucket,
    archiveBucket: linked(
      () => Resource.ArchivePictures.name,
      () => Resource.ArchivePacks.name,
    ),
    spoolBucket: NOT_LINKED.bucket,
    sealsBucket: NOT_LINKED.bucket,
  });

/** The same for a function that stands before others and has no database. */
export function frontConfigFromLinks(): FrontConfig {
  return FrontConfig.parse({
    objects: {
      kind: "s3",
      region: process.env.AWS_REGION,
      inboxBucket: NOT_LINKED.bucket,
      archiveBucket: linked(() => Resource.ArchiveRead.name) ?? NOT_LINKED.bucket,
      sharesBucket: linked(() => Resource.SharesRead.name) ?? NOT_LINKED.bucket,
      spoolBucket: NOT_LINKED.bucket,
      sealsBucket: NOT_LINKED.bucket,
    },
    functions: {
      region: process.env.AWS_REGION,
      answer: Resource.DicomwebAnswerInvoke.name,
      accept: Resource.AcceptInvoke.name,
    },
    viewerOrigins: originsIn(process.env.WEALD_DICOMWEB_ORIGINS),
  });
}
