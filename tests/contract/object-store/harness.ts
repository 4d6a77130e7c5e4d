import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createFileObjectStore, type FileObjectStore } from "@weald/adapters/object-store/file";
import { createFileGateway } from "@weald/adapters/object-store/file-gateway";
import { createS3ObjectStore } from "@weald/adapters/object-store/s3";
import type { ObjectStore } from "@weald/core/ports";
import { listen } from "@weald/dev-env/region";
import type { S3 } from "../s3/start-s3.ts";

export const PORTAL = "http://portal.weald.test";

/** Two buckets of one technology, reachable by signed URLs, with PORTAL as the one allowed origin. */
export type OpenStores = {
  inbox: ObjectStore;
  archive: ObjectStore;
  /** S3 can't say so; there the fixed content type and `attachment` stand alone. */
  saysNosniff: boolean;
  stop(): Promise<void>;
};

export type OpenFileStores = OpenStores & { inbox: FileObjectStore; archive: FileObjectStore; root: string };

export async function openFileStores(): Promise<OpenFileStores> {
  const root = mkdtempSync(path.join(tmpdir(), "weald-objects-"));
  let serve: Parameters<typeof listen>[0] = (_request, response) => response.writeHead(503).end();
  const server = await listen((request, response) => serve(request, response), 0);
  const common = { root, publicUrl: server.url, secret: randomBytes(32).toString("hex"), fsync: true };
  const inbox = createFileObjectStore({ ...common, bucket: "inbox" });
  const archive = createFileObjectStore({ ...common, bucket: "archive" });
  serve = createFileGateway({ stores: [inbox, archive], allowedOrigins: [PORTAL] });
  return {
    inbox,
    archive,
    root,
    saysNosniff: true,
    async stop() {
      await server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export async function openS3Stores(s3: S3): Promise<OpenStores> {
  const run = randomUUID().slice(0, 8);
  const open = async (name: string) => {
    const bucket = `weald-${run}-${name}`;
    await s3.createBucket(bucket, PORTAL);
    const { endpoint, region, credentials } = s3;
    return createS3ObjectStore({ bucket, endpoint, region, credentials, forcePathStyle: true });
  };
  return {
    inbox: await open("inbox"),
    archive: await open("archive"),
    saysNosniff: false,
    stop: async () => {},
  };
}
