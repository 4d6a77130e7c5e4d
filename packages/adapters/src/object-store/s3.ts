import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import {
  ObjectExists,
  ObjectNotFound,
  type ObjectStore,
  type StoredObject,
  StoreUnavailable,
} from "@weald/core/ports";
import { requireKey } from "./key.ts";

export type S3StoreOptions = {
  bucket: string;
  region: string;
  endpoint?: string;
  forcePathStyle?: boolean;
  credentials?: { accessKeyId: string; secretAccessKey: string };
};

const PART_BYTES = 16 * 1024 * 1024;
const unquoted = (etag: string | undefined) => (etag ?? "").replaceAll('"', "");
const statusOf = (error: unknown) =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

function requireLength(seen: number, said: number | undefined): void {
  if (said !== undefined && seen !== said) throw new StoreUnavailable(`given ${seen} bytes of ${said}`);
}

/** The bytes as they are, and an error at the end where they are not as many as was said: nothing is written then. */
async function* exactly(body: AsyncIterable<Uint8Array>, sizeBytes: number | undefined) {
  let seen = 0;
  for await (const chunk of body) {
    seen += chunk.length;
    yield chunk;
  }
  requireLength(seen, sizeBytes);
}

async function* nothing() {}

const attachment = (name: string | undefined) =>
  `attachment${name ? `; filename="${name.replace(/[^\w.-]/g, "_")}"` : ""}`;

/** One bucket of S3, or of anything that speaks it. */
export function createS3ObjectStore({ bucket, ...options }: S3StoreOptions): ObjectStore {
  // WHEN_REQUIRED: by default a presigned PUT signs the checksum of an empty body.
  const client = new S3Client({
    ...options,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });

  async function told<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      const status = statusOf(error);
      if (status === 404) throw new ObjectNotFound(key, { cause: error });
      if (status === 412 || status === 409) throw new ObjectExists(key, { cause: error });
      throw new StoreUnavailable(`s3 ${status ?? (error instanceof Error ? error.name : "failed")}`, {
        cause: error,
      });
    }
  }

  async function head(key: string): Promise<StoredObject | undefined> {
    requireKey(key);
    try {
      const found = await told(key, () => client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })));
      return {
        key,
        sizeBytes: found.ContentLength ?? 0,
        contentType: found.ContentType,
        etag: unquoted(found.ETag),
        modifiedAt: found.LastModified ?? new Date(0),
      };
    } catch (error) {
      if (error instanceof ObjectNotFound) return undefined;
      throw error;
    }
  }

  async function headAfterWrite(key: string): Promise<StoredObject> {
    const found = await head(key);
    if (!found) throw new ObjectNotFound(key);
    return found;
  }

  /** Rather than asking for a part of it that isn't there, which S3 answers with an error. */
  async function requireObject(key: string): Promise<void> {
    if (!(await head(key))) throw new ObjectNotFound(key);
  }

  return {
    bucket,
    head,
    async put(key, body, { contentType, ifAbsent, sizeBytes }) {
      requireKey(key);
      const condition = ifAbsent ? { IfNoneMatch: "*" } : {};
      const common = { Bucket: bucket, Key: key, ContentType: contentType, ...condition };
      if (body instanceof Uint8Array) {
        requireLength(body.length, sizeBytes);
        await told(key, () => client.send(new PutObjectCommand({ ...common, Body: body })));
      } else {
        // Not every S3 keeps the condition where a multipart upload ends; and the bytes needn't go out for nothing.
        if (ifAbsent && (await head(key))) throw new ObjectExists(key);
        const params = { ...common, Body: Readable.from(exactly(body, sizeBytes)) };
        await told(key, () => new Upload({ client, params, partSize: PART_BYTES, queueSize: 2 }).done());
      }
      return headAfterWrite(key);
    },
    async read(key, range) {
      requireKey(key);
      if (range && range.length === 0) {
        await requireObject(key);
        return nothing();
      }
      const Range = range && `bytes=${range.offset}-${range.offset + range.length - 1}`;
      try {
        const found = await told(key, () =>
          client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...(Range ? { Range } : {}) })),
        );
        return found.Body as Readable;
      } catch (error) {
        // Past the end there is nothing to read.
        if (error instanceof StoreUnavailable && statusOf(error.cause) === 416) return nothing();
        throw error;
      }
    },
    async copyFrom(source, sourceKey, key, { contentType, ifAbsent }) {
      requireKey(sourceKey);
      requireKey(key);
      // CopyObject has no condition on its target. Keys of originals hold their own hash: a second copy is the same bytes.
      if (ifAbsent && (await head(key))) throw new ObjectExists(key);
      const CopySource = `${source.bucket}/${sourceKey.split("/").map(encodeURIComponent).join("/")}`;
      await told(sourceKey, () =>
        client.send(
          new CopyObjectCommand({
            Bucket: bucket,
            Key: key,
            CopySource,
            ContentType: contentType,
            MetadataDirective: "REPLACE",
          }),
        ),
      );
      return headAfterWrite(key);
    },
    async delete(key) {
      requireKey(key);
      await told(key, () => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
    },
    async *list(prefix, { after, limit = Number.POSITIVE_INFINITY } = {}) {
      let given = 0;
      let token: string | undefined;
      do {
        const page = await told(prefix, () =>
          client.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: prefix,
              MaxKeys: Math.min(1000, limit - given),
              ...(after ? { StartAfter: after } : {}),
              ...(token ? { ContinuationToken: token } : {}),
            }),
          ),
        );
        for (const object of page.Contents ?? []) {
          if (given >= limit || !object.Key) return;
          given += 1;
          yield {
            key: object.Key,
            sizeBytes: object.Size ?? 0,
            contentType: undefined,
            etag: unquoted(object.ETag),
            modifiedAt: object.LastModified ?? new Date(0),
          };
        }
        token = page.NextContinuationToken;
      } while (token && given < limit);
    },
    async signGet(key, { from, until, contentType, downloadName }) {
      requireKey(key);
      const livesSeconds = Math.floor((until.getTime() - from.getTime()) / 1000);
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(contentType ? { ResponseContentType: contentType } : {}),
        ResponseContentDisposition: attachment(downloadName),
        ResponseCacheControl: `private, max-age=${livesSeconds}`,
      });
      // Signed as of the window's start, so that the same window gives the same URL.
      return getSignedUrl(client, command, {
        signingDate: from,
        expiresIn: livesSeconds,
      });
    },
    async signPut(key, { until, sizeBytes, contentType }) {
      requireKey(key);
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        ContentLength: sizeBytes,
        ContentType: contentType,
        IfNoneMatch: "*",
      });
      // S3 signs whole seconds of life from a moment on: a grant that is over is signed in the past.
      const signingDate = new Date(Math.min(Date.now(), until.getTime() - 1000));
      const expiresIn = Math.floor((until.getTime() - signingDate.getTime()) / 1000);
      const signableHeaders = new Set(["content-length", "content-type", "if-none-match"]);
      const url = await getSignedUrl(client, command, {
        signingDate,
        expiresIn,
        signableHeaders,
        unhoistableHeaders: signableHeaders,
      });
      return { url, method: "PUT", headers: { "content-type": contentType, "if-none-match": "*" } };
    },
  };
}
