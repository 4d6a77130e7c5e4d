/** An object as the store knows it. `etag` is opaque and unquoted. */
export type StoredObject = {
  key: string;
  sizeBytes: number;
  contentType: string | undefined;
  etag: string;
  modifiedAt: Date;
};

export type ByteRange = { offset: number; length: number };

export type PutOptions = {
  contentType: string;
  /** Exact length when known; a store may need it to stream without buffering. */
  sizeBytes?: number;
  /** Create only: an existing key is `OBJECT_EXISTS` and nothing is written. */
  ifAbsent?: boolean;
};

/** A grant to read one object. The same window gives the same URL, so that an HTTP cache works. */
export type GetGrant = { from: Date; until: Date; contentType?: string; downloadName?: string };

/** A grant to write one object once. Size and content type are part of the signature. */
export type PutGrant = { until: Date; sizeBytes: number; contentType: string };

export type SignedPut = { url: string; method: "PUT"; headers: Record<string, string> };

/**
 * One bucket of immutable objects. Keys are `/`-separated, 1 to 1,024 bytes, without control characters.
 *
 * Every write is atomic: a reader sees the whole object or none, also after a crash, and a returned promise
 * means that the bytes are durable.
 *
 * @throws {ObjectNotFound} `OBJECT_NOT_FOUND` from `read` and `copyFrom`.
 * @throws {ObjectExists} `OBJECT_EXISTS` from `put` and `copyFrom` with `ifAbsent`.
 * @throws {StoreUnavailable} `STORE_UNAVAILABLE` when the store can't be reached or is full.
 */
export interface ObjectStore {
  readonly bucket: string;
  put(key: string, body: AsyncIterable<Uint8Array> | Uint8Array, options: PutOptions): Promise<StoredObject>;
  head(key: string): Promise<StoredObject | undefined>;
  read(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>>;
  /** Copies without passing the bytes through us where both buckets are of one technology. At most 5 GB. */
  copyFrom(source: ObjectStore, sourceKey: string, key: string, options: PutOptions): Promise<StoredObject>;
  /** Idempotent: deleting what is not there succeeds. */
  delete(key: string): Promise<void>;
  /** In order of the key's UTF-8 bytes. `after` is exclusive. */
  list(prefix: string, options?: { after?: string; limit?: number }): AsyncIterable<StoredObject>;
  signGet(key: string, grant: GetGrant): Promise<string>;
  signPut(key: string, grant: PutGrant): Promise<SignedPut>;
}

/**
 * A bucket whose objects are kept as they were written: a key is written once, and nothing is overwritten or deleted, by
 * nobody (object lock on S3). It has no way to.
 *
 * @throws {ObjectExists} `OBJECT_EXISTS` from `put` where the key is there already, whatever its bytes.
 */
export interface LockedStore extends Pick<ObjectStore, "bucket" | "head" | "read" | "list"> {
  put(key: string, body: Uint8Array, contentType: string): Promise<void>;
}
