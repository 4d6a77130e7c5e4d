import type { Ports } from "@weald/core/kernel";
import type { Config } from "../config.ts";
import { createFileObjectStore } from "../object-store/file.ts";
import { lockedStore } from "../object-store/locked.ts";
import { createS3ObjectStore } from "../object-store/s3.ts";

/** The buckets, in whichever technology this process is told of. */
export function objectStores(
  config: Config["objects"],
): Pick<Ports, "inbox" | "archive" | "shares" | "spool" | "seals"> {
  if (config.kind === "file") {
    const store = (bucket: string) => createFileObjectStore({ ...config, bucket });
    return {
      inbox: store("inbox"),
      archive: store("archive"),
      shares: store("shares"),
      spool: store("spool"),
      seals: lockedStore(store("seals")),
    };
  }
  const store = (bucket: string) =>
    createS3ObjectStore({
      bucket,
      region: config.region,
      ...(config.endpoint ? { endpoint: config.endpoint, forcePathStyle: true } : {}),
      ...(config.credentials ? { credentials: config.credentials } : {}),
    });
  return {
    inbox: store(config.inboxBucket),
    archive: store(config.archiveBucket),
    shares: store(config.sharesBucket),
    spool: store(config.spoolBucket),
    seals: lockedStore(store(config.sealsBucket)),
  };
}
