import { CreateBucketCommand, PutBucketCorsCommand, S3Client } from "@aws-sdk/client-s3";
import { type Credentials, startCeph } from "./ceph-cluster.ts";
import { unpackedCeph } from "./ceph-packages.ts";

export type S3 = {
  endpoint: string;
  region: string;
  credentials: Credentials;
  /** With the rules of `infra/storage.ts`. */
  createBucket(name: string, allowedOrigin: string): Promise<void>;
  stop(): Promise<void>;
};

type Place = Pick<S3, "endpoint" | "credentials" | "region" | "stop">;

/** Any S3 may be given: WEALD_TEST_S3_ENDPOINT, _ACCESS_KEY, _SECRET_KEY, _REGION. Its buckets stay behind. */
function givenPlace(): Place | undefined {
  const { env } = process;
  if (!env.WEALD_TEST_S3_ENDPOINT) return undefined;
  return {
    endpoint: env.WEALD_TEST_S3_ENDPOINT,
    region: env.WEALD_TEST_S3_REGION ?? "us-east-1",
    credentials: {
      accessKeyId: env.WEALD_TEST_S3_ACCESS_KEY ?? "",
      secretAccessKey: env.WEALD_TEST_S3_SECRET_KEY ?? "",
    },
    stop: async () => {},
  };
}

async function cephPlace(): Promise<Place | undefined> {
  const root = await unpackedCeph();
  return root ? { region: "us-east-1", ...(await startCeph(root)) } : undefined;
}

/** A real S3, or `undefined` and a line that says what was left out. */
export async function startS3(forTests: string): Promise<S3 | undefined> {
  const place = givenPlace() ?? (await cephPlace());
  if (!place) {
    process.stdout.write(`LEFT OUT ${forTests}: radosgw\n`);
    return undefined;
  }
  const { endpoint, region, credentials } = place;
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  return {
    ...place,
    async createBucket(name, allowedOrigin) {
      await client.send(new CreateBucketCommand({ Bucket: name }));
      await client.send(
        new PutBucketCorsCommand({
          Bucket: name,
          CORSConfiguration: {
            CORSRules: [
              {
                AllowedMethods: ["GET", "HEAD", "PUT"],
                AllowedOrigins: [allowedOrigin],
                AllowedHeaders: ["content-type", "range", "if-none-match"],
                ExposeHeaders: ["ETag", "Content-Range", "Accept-Ranges", "Content-Length"],
                MaxAgeSeconds: 600,
              },
            ],
          },
        }),
      );
    },
  };
}
