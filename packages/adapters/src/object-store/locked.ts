import type { LockedStore, ObjectStore } from "@weald/core/ports";

/** What of a store never takes a written thing back. On S3 the bucket refuses it too, whoever asks (infra/storage.ts). */
export const lockedStore = (store: ObjectStore): LockedStore => ({
  bucket: store.bucket,
  head: store.head,
  read: store.read,
  list: store.list,
  async put(key, body, contentType) {
    await store.put(key, body, { contentType, sizeBytes: body.length, ifAbsent: true });
  },
});
