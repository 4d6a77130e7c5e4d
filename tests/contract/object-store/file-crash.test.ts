import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createFileObjectStore, type FileObjectStore } from "@weald/adapters/object-store/file";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf } from "./ask.ts";
import { type OpenFileStores, openFileStores } from "./harness.ts";
import { bytesFor } from "./numbered-bytes.ts";

const writer = fileURLToPath(new URL("./endless-writer.ts", import.meta.url));
const ROUNDS = 10;

/** Runs a writer and kills it after so many promises: what it had promised, and what it was deleting at the end. */
async function killedAfter(root: string, round: number, lines: number) {
  const child = spawn(process.execPath, ["--import", "tsx", writer, root, String(round)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const put = new Set<string>();
  const deleted = new Set<string>();
  for await (const line of createInterface({ input: child.stdout })) {
    const [verb, key = ""] = line.split(" ");
    (verb === "put" ? put : deleted).add(key);
    if (put.size + deleted.size >= lines) child.kill("SIGKILL");
  }
  expect((await exited)[1]).toBe("SIGKILL");
  return { put, deleted };
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

describe("the file object store, its writer killed under load", () => {
  let stores: OpenFileStores;
  let store: FileObjectStore;
  beforeAll(async () => {
    stores = await openFileStores();
  });
  afterAll(() => stores?.stop());

  const next = () =>
    createFileObjectStore({
      root: stores.root,
      bucket: "inbox",
      publicUrl: "http://127.0.0.1:1",
      secret: "x".repeat(32),
      fsync: false,
    });

  it(`${ROUNDS} times: what was promised is whole, nothing is torn, nothing is left lying about`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { put, deleted } = await killedAfter(stores.root, round, 10 + round * 3);
      store = next();
      await store.recover();
      const listed = new Set<string>();
      for await (const { key, sizeBytes } of store.list(`load/${round}/`)) {
        listed.add(key);
        const bytes = await bytesOf(await store.read(key));
        expect(bytes.equals(bytesFor(key))).toBe(true);
        expect(sizeBytes).toBe(bytes.length);
      }
      // The third of each writer's keys may have been on its way out.
      for (const key of put)
        if (!deleted.has(key) && Number(key.split("/").at(-1)) % 3 !== 2) expect(listed).toContain(key);
      for (const key of deleted) expect(listed).not.toContain(key);
    }
    const inbox = path.join(stores.root, "inbox");
    const records = filesBelow(path.join(inbox, "keys")).length;
    expect(records).toBeGreaterThan(ROUNDS * 5);
    expect(filesBelow(path.join(inbox, "blobs"))).toHaveLength(records);
    expect(filesBelow(inbox)).toHaveLength(records * 2);
  }, 120_000);

  it("a blob whose writer died before its commit, or after its record was taken away, goes; its neighbour stays", async () => {
    const { archive, root } = stores;
    await archive.put("half", Buffer.from("half"), { contentType: "application/dicom" });
    const [record = ""] = filesBelow(path.join(root, "archive", "keys"));
    const [blob = ""] = filesBelow(path.join(root, "archive", "blobs"));
    await archive.put("kept", Buffer.from("kept"), { contentType: "application/dicom" });
    renameSync(record, path.join(root, "archive", "tmp", `${path.basename(blob)}.json`));
    writeFileSync(path.join(root, "archive", "tmp", "cut-off.json"), '{"key":"kept","blo');
    await archive.recover();
    expect(await archive.head("half")).toBeUndefined();
    expect(filesBelow(path.join(root, "archive"))).toHaveLength(2);
    expect((await bytesOf(await archive.read("kept"))).toString()).toBe("kept");
  });
});
