import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { FileToTake } from "../contract.ts";
import { dicomZip, type ZipAsked } from "./dicom-zip.ts";

const text = (vr: string, ...Value: string[]) => ({ vr, Value });
const bytesFor = (name: string) => new TextEncoder().encode(`stored ${name}`);

function fileOf(at: number, more: Partial<FileToTake> = {}): FileToTake {
  const seriesInstanceUid = `1.2.${at < 2 ? 1 : 2}`;
  return {
    ...{ url: `https://store/${at}?page=1`, from: 0, length: bytesFor(String(at)).length },
    ...{ seriesInstanceUid, sopInstanceUid: `1.2.3.${at}`, sopClassUid: "1.2.840.10008.5.1.4.1.1.2" },
    transferSyntaxUid: "1.2.840.10008.1.2.1",
    isCorrected: false,
    directory: { "0020000D": text("UI", "1.2"), "0020000E": text("UI", seriesInstanceUid) },
    ...more,
  };
}

/** A store that answers as one does: ranges, and 403 for a URL that is over. */
const store = (isOver: (url: string) => boolean = () => false, cutAt?: number) =>
  vi.fn(async (input: string, init?: RequestInit) => {
    if (isOver(input)) return new Response(null, { status: 403 });
    const name = /store\/(\d+)/.exec(input)?.[1] ?? "";
    const range = new Headers(init?.headers).get("range");
    const from = Number(/bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
    return new Response(bytesFor(name).slice(from, cutAt), { status: range ? 206 : 200 });
  });

const asked = (files: FileToTake[], more: Partial<ZipAsked> = {}): ZipAsked => ({
  source: { filesToTake: async () => ({ files }) },
  of: {},
  taken: { servedVersion: 1, count: files.length, storedBytes: 100 },
  signal: new AbortController().signal,
  isDemonstration: true,
  series: ["Series 1, CT: 2 of 300"],
  onProgress: () => undefined,
  ...more,
});

const hasUnzip = (() => {
  try {
    execFileSync("sh", ["-c", "command -v unzip"]);
    return true;
  } catch {
    console.log("LEFT OUT a DICOM zip by another tool: unzip");
    return false;
  }
})();

/** By its central directory, at its end; every entry must be stored, not packed. */
function entriesIn(zip: Buffer): Record<string, Buffer> {
  const end = zip.lastIndexOf("PK\u0005\u0006");
  const found: Record<string, Buffer> = {};
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    expect(zip.readUInt16LE(at + 10)).toBe(0);
    const [size, nameLength] = [zip.readUInt32LE(at + 24), zip.readUInt16LE(at + 28)];
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    found[zip.toString("utf8", at + 46, at + 46 + nameLength)] = zip.subarray(start, start + size);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return found;
}
const zipOf = async (asking: ZipAsked) => Buffer.from(await new Response(dicomZip(asking)).arrayBuffer());
const unzipped = async (asking: ZipAsked) => entriesIn(await zipOf(asking));

describe("a study as a DICOM zip", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("holds each file under a name of eight characters, the DICOMDIR that leads to it, and plain words", async () => {
    vi.stubGlobal("fetch", store());
    const found = await unzipped(asked([fileOf(0), fileOf(1), fileOf(2)]));
    expect(Object.keys(found)).toEqual([
      "DICOM/S0000001/I0000001",
      "DICOM/S0000001/I0000002",
      "DICOM/S0000002/I0000001",
      "DICOMDIR",
      "README.TXT",
    ]);
    expect(String(found["DICOM/S0000002/I0000001"])).toBe("stored 2");
    expect(found.DICOMDIR?.toString("latin1")).toContain("DICOM\\S0000002\\I0000001");
    expect(String(found["README.TXT"])).toMatch(/invented.*3 files.*2 of 300.*None of them was corrected/s);
    expect(String(found["README.TXT"])).toContain("not a certified medical device");
  });

  it.runIf(hasUnzip)("is whole for another tool", async () => {
    vi.stubGlobal("fetch", store());
    const folder = mkdtempSync(path.join(tmpdir(), "weald-zip-"));
    try {
      writeFileSync(path.join(folder, "study.zip"), await zipOf(asked([fileOf(0), fileOf(1)])));
      const said = execFileSync("unzip", ["-t", path.join(folder, "study.zip")], { encoding: "utf8" });
      expect(said).toContain("No errors detected");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("sets what was corrected before the stored pixels, and says how many were", async () => {
    vi.stubGlobal("fetch", store());
    const corrected = fileOf(0, { head: btoa("corrected "), from: 7, length: 1, isCorrected: true });
    const found = await unzipped(asked([corrected, fileOf(1)]));
    expect(String(found["DICOM/S0000001/I0000001"])).toBe("corrected 0");
    expect(String(found["README.TXT"])).toContain("In 1 of them something was corrected");
  });

  it("asks for a fresh URL where one is over, of the same page", async () => {
    vi.stubGlobal(
      "fetch",
      store((url) => url.endsWith("/1?page=1")),
    );
    const filesToTake = vi.fn(async ({ after }: { after?: string | undefined }) => {
      if (!after) return { files: [fileOf(0)], next: "p2" };
      const isAgain = filesToTake.mock.calls.length > 2;
      return { files: [fileOf(1, isAgain ? { url: "https://store/1?page=2" } : {})] };
    });
    const taken = { servedVersion: 1, count: 2, storedBytes: 100 };
    const found = await unzipped(asked([], { source: { filesToTake }, taken }));
    expect(String(found["DICOM/S0000001/I0000002"])).toBe("stored 1");
    expect(filesToTake.mock.calls.map(([{ after }]) => after)).toEqual([undefined, "p2", "p2"]);
  });

  it.each([
    ["a file that ends early", () => store(undefined, 3), 2, "FILE_NOT_WHOLE"],
    ["a store that refuses twice", () => store(() => true), 2, "FILE_NOT_WHOLE"],
    ["another number of images than is on the record", () => store(), 3, "STUDY_CHANGED"],
  ])("is not given with %s", async (_says, make, count, code) => {
    vi.stubGlobal("fetch", make());
    const zip = dicomZip(
      asked([fileOf(0), fileOf(1)], { taken: { servedVersion: 1, count, storedBytes: 100 } }),
    );
    await expect(new Response(zip).arrayBuffer()).rejects.toMatchObject({ code });
  });

  it("holds of a thousand slices no more than those on their way", async () => {
    const size = 128 * 1024;
    let [begun, ended] = [0, 0];
    let mostOpen = 0;
    vi.stubGlobal("fetch", async () => {
      begun += 1;
      mostOpen = Math.max(mostOpen, begun - ended);
      const body = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            controller.enqueue(new Uint8Array(size).fill(7));
            controller.close();
          },
        },
        { highWaterMark: 0 },
      );
      return new Response(body);
    });
    const files = Array.from({ length: 1000 }, (_, at) => fileOf(at, { length: size }));
    let bytes = 0;
    const onProgress = ({ files: done }: { files: number }) => {
      ended = done;
    };
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const reader = dicomZip(asked(files, { onProgress })).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      bytes += next.value.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(bytes).toBeGreaterThan(1000 * size);
    expect(mostOpen).toBeLessThanOrEqual(5);
    expect(most).toBeLessThan(64 * 1024 * 1024);
  });
});
