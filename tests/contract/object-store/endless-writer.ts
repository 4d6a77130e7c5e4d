// Writes objects until it is killed. One line a finished put or delete: what was promised to be durable by then.
import { createFileObjectStore } from "@weald/adapters/object-store/file";
import { bytesFor } from "./numbered-bytes.ts";

const [, , root = "", round = ""] = process.argv;
const store = createFileObjectStore({
  root,
  bucket: "inbox",
  publicUrl: "http://127.0.0.1:1",
  secret: "x".repeat(32),
  fsync: false,
});

async function* inPieces(bytes: Buffer) {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
}

async function writer(number: number): Promise<void> {
  for (let at = 0; ; at += 1) {
    const key = `load/${round}/${number}/${at}`;
    await store.put(key, inPieces(bytesFor(key)), { contentType: "application/dicom", ifAbsent: true });
    process.stdout.write(`put ${key}\n`);
    if (at % 3 !== 2) continue;
    await store.delete(key);
    process.stdout.write(`deleted ${key}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(writer));
