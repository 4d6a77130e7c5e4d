import type { Ports } from "@weald/core/kernel";
import type { Config } from "../config.ts";
import { createFileObjectStore } from "../object-store/file.ts";
import { createS3ObjectStore } from "../object-store/s3.ts";

/** The inbox and the archive, in whichever technology this process is told of. */
export function objectStores(config: Config["objects"]): Pick<Ports, "inbox" | "archive"> {
  if (config.kind === "file") {
    const store = (bucket: string) => createFileObjectStore({ ...config, bucket });
    return { inbox: store("inbox"), archive: store("archive") };
  }
  const store = (bucket: string) =>
    createS3ObjectStore({
      bucket,
      region: config.region,
      ...(config.endpoint ? { endpoint: config.endpoint, forcePathStyle: true } : {}),
      ...(config.credentials ? { credentials: config.credentials } : {}),
    });
  return { inbox: store(config.inboxBucket), archive: store(config.archiveBucket) };
}
