import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { trusts } from "@weald/dev-env/people";
import { Region } from "@weald/dev-env/region";
import { bytesSource } from "@weald/dev-env/send";
import {
  type DicomJson,
  EXPLICIT_LITTLE,
  type Part10Object,
  readPart10,
  transferSyntaxOf,
} from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../runner/run-command.ts";

const CORPUS = path.resolve(ROOT, "../shared/dicom");
const run = promisify(execFile);
const isThere = existsSync(path.join(CORPUS, "manifest.tsv"));
if (!isThere) console.log("LEFT OUT real files by WADO-RS: ../shared/dicom");
const has = (tool: string) => spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;
const hasDcmtk = has("dcm2json") && has("dcmdjpeg") && has("dcmdrle") && has("dcmdjpls");
const hasGdcm = has("gdcmconv");
if (isThere && !hasDcmtk)
  console.log("LEFT OUT metadata and frames of real files against DCMTK: dcm2json, dcmdjpeg");
if (isThere && !hasGdcm) console.log("LEFT OUT frames of JPEG 2000 against GDCM: gdcmconv");

/** Refused at the door by a code, each tested beside the reader; `WEALD_CORPUS=all` takes every file of a long series. */
const PER_FOLDER = process.env.WEALD_CORPUS === "all" ? Number.POSITIVE_INFINITY : 12;

type Sent = { file: string; bytes: Buffer; trust: string };
type Held = Sent & { part10: Part10Object; address: string };

const filesOf = (): string[] => {
  const all = readdirSync(CORPUS, { recursive: true, encoding: "utf8" }).filter(
    (file) => statSync(path.join(CORPUS, file)).isFile() && !/^(manifest\.tsv|MANIFEST\.md)$/.test(file),
  );
  const seen = new Map<string, number>();
  return all.sort().filter((file) => {
    const folder = path.dirname(file);
    seen.set(folder, (seen.get(folder) ?? 0) + 1);
    return (seen.get(folder) ?? 0) <= PER_FOLDER;
  });
};

const read = (bytes: Uint8Array) =>
  readPart10(
    (async function* () {
      yield bytes;
    })(),
  );

const value = (dataset: DicomJson, tag: string) => String(dataset[tag]?.Value?.[0] ?? "");

/**
 * What dcm2json tells otherwise, and why each is right here. A tag in a list stands for all of it.
 */
const JUSTIFIED: readonly { why: string; is(tag: string, ours: unknown, theirs: unknown): boolean }[] = [
  {
    why: "pixel data of no length are none",
    is: (tag, ours) => tag === "7FE00010" && ours === undefined,
  },
  {
    why: "group lengths are retired and told by nobody who reads JSON (PS3.18 §F.2.1)",
    is: (tag) => tag.endsWith("0000"),
  },
  {
    why: "long and binary values are referred to, not carried",
    is: (_tag, ours) => JSON.stringify(ours)?.includes("BulkDataURI") ?? false,
  },
  { why: "what stands behind the pixels is stored and not indexed", is: (tag) => tag > "7FE00010" },
  { why: "data set trailing padding is no attribute", is: (tag) => tag.startsWith("FFFC") },
  {
    why: "binary inside: DCMTK tells UN, OB and OW in its own way (InlineBinary of what it can't divide)",
    is: (_tag, ours, theirs) => /InlineBinary/.test(JSON.stringify([ours, theirs])),
  },
];

/** Numbers as numbers, empty as absent, padding away: the same model written in another way. */
function plain(one: unknown): unknown {
  if (Array.isArray(one)) {
    const items = one.map(plain);
    return items.every((item) => item === null || item === "") ? undefined : items;
  }
  if (typeof one === "number") return Number(one.toPrecision(7));
  if (one instanceof Object) {
    const entries = Object.entries(one)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, inner]) => {
        const made = plain(inner);
        return made === undefined || made === null || made === "" ? [] : [[key, made] as const];
      });
    return entries.length === 0 ? null : Object.fromEntries(entries);
  }
  if (typeof one === "string") {
    // Empty components at the end of a name, padding at the end of any text.
    const trimmed = one.replace(/[\s\0^]+$/, "").trimStart();
    return trimmed !== "" && Number.isFinite(Number(trimmed))
      ? Number(Number(trimmed).toPrecision(7))
      : trimmed;
  }
  return one;
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const CONFLICTS = /MISMATCH|CONFLICT|REUSED/;

describe.skipIf(!isThere)("every real file goes in by the one door and comes out by WADO-RS", () => {
  let region: Region;
  const tokens = new Map<string, string>();
  const held: Held[] = [];
  const refused: Record<string, string> = {};
  const folder = mkdtempSync(path.join(tmpdir(), "weald-corpus-"));

  /** One UID with several contents lies in as many trusts: a conflict within one is quarantined, as it should be. */
  async function sendAll(files: readonly string[]): Promise<void> {
    let left = [...files];
    for (const { odsCode } of trusts) {
      if (left.length === 0) break;
      const sent = await region.send(
        odsCode,
        left.map((file) => bytesSource(file, "dicom", readFileSync(path.join(CORPUS, file)))),
      );
      const next: string[] = [];
      for (const { file, outcome, code } of sent) {
        if (outcome === "quarantined" && CONFLICTS.test(code ?? "")) next.push(file);
        else if (outcome === "accepted") {
          const bytes = readFileSync(path.join(CORPUS, file));
          const part10 = await read(bytes);
          const { dataset } = part10;
          const address = `/${odsCode}/studies/${value(dataset, "0020000D")}/series/${value(dataset, "0020000E")}/instances/${value(dataset, "00080018")}`;
          held.push({ file, bytes, trust: odsCode, part10, address });
        } else refused[file] = code ?? outcome ?? "none";
      }
      left = next;
    }
    for (const file of left) refused[file] = "the same UID in more contents than there are trusts";
  }

  beforeAll(async () => {
    region = await Region.create();
    for (const { odsCode } of trusts)
      tokens.set(odsCode, await region.tokenOf(region.system(odsCode, ["studies.read"])));
    await sendAll(filesOf());
    console.log(
      `corpus by WADO-RS: ${held.length} files in, ${Object.keys(refused).length} refused or not taken twice`,
    );
  }, 600_000);
  afterAll(async () => {
    await region?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const get = (address: string, accept: string) =>
    fetch(`${region.dicomwebUrl}${address}`, {
      headers: { authorization: `Bearer ${tokens.get(address.split("/")[1] ?? "")}`, accept },
    });
  const bodyOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

  it("what is not taken in is known by its code", () => {
    for (const [file, code] of Object.entries(refused))
      expect(`${file}: ${code}`).toMatch(/: (duplicate|alternate|skipped|DICOMDIR|[A-Z_]{8,}|the same UID)/);
    expect(held.length).toBeGreaterThan(100);
  });

  it("byte for byte as it was sent, a non-zero preamble apart, and a meta header where there was none", {
    timeout: 600_000,
  }, async () => {
    const wrong: string[] = [];
    for (const { file, bytes, part10, address } of held) {
      const answer = await get(address, "application/dicom; transfer-syntax=*");
      const got = await bodyOf(answer);
      const isSame = part10.hasMetaHeader
        ? got.subarray(128).equals(bytes.subarray(128)) &&
          (part10.preamble?.mustClear
            ? got.subarray(0, 128).every((byte) => byte === 0)
            : got.subarray(0, 128).equals(bytes.subarray(0, 128)))
        : got.subarray(-Math.min(bytes.length, 100)).equals(bytes.subarray(-Math.min(bytes.length, 100))) &&
          (await read(got)).hasMetaHeader;
      if (answer.status !== 200 || !isSame)
        wrong.push(`${file}: ${answer.status} ${sha256(got).slice(0, 8)}`);
    }
    console.log(`corpus by WADO-RS: ${held.length} files came out byte for byte`);
    expect(wrong).toEqual([]);
  });

  it.skipIf(!hasDcmtk)(
    "metadata is what DCMTK's dcm2json tells, differences justified",
    { timeout: 600_000 },
    async () => {
      const wrong: string[] = [];
      const reasons = new Map<string, number>();
      let compared = 0;
      for (const { file, address } of held) {
        const { stdout, code } = await run("dcm2json", ["-q", path.join(CORPUS, file)], {
          maxBuffer: 2 ** 28,
        })
          .then(({ stdout }) => ({ stdout, code: 0 }))
          .catch(() => ({ stdout: "", code: 1 }));
        if (code !== 0) continue;
        let theirs: DicomJson;
        try {
          theirs = JSON.parse(stdout);
        } catch {
          continue;
        }
        const [ours] = (await (
          await get(`${address}/metadata`, "application/dicom+json")
        ).json()) as DicomJson[];
        compared += 1;
        for (const tag of new Set([...Object.keys(theirs), ...Object.keys(ours ?? {})])) {
          const [a, b] = [ours?.[tag], theirs[tag]];
          if (JSON.stringify(plain(a ?? {})) === JSON.stringify(plain(b ?? {}))) continue;
          const why = JUSTIFIED.find((one) => one.is(tag, a, b));
          if (why) reasons.set(why.why, (reasons.get(why.why) ?? 0) + 1);
          else
            wrong.push(
              `${file} ${tag}: ${JSON.stringify(a)?.slice(0, 160)} | ${JSON.stringify(b)?.slice(0, 160)}`,
            );
        }
      }
      console.log(`corpus by WADO-RS: metadata of ${compared} files compared with dcm2json`);
      for (const [why, count] of reasons) console.log(`  ${count} attributes: ${why}`);
      expect(wrong).toEqual([]);
    },
  );

  const DECODER: Readonly<Record<string, readonly [string, ...string[]] | undefined>> = {
    "1.2.840.10008.1.2.5": ["dcmdrle"],
    "1.2.840.10008.1.2.4.50": ["dcmdjpeg"],
    "1.2.840.10008.1.2.4.51": ["dcmdjpeg"],
    "1.2.840.10008.1.2.4.53": ["dcmdjpeg"],
    "1.2.840.10008.1.2.4.55": ["dcmdjpeg"],
    "1.2.840.10008.1.2.4.57": ["dcmdjpeg", "+cn"],
    "1.2.840.10008.1.2.4.70": ["dcmdjpeg", "+cn"],
    "1.2.840.10008.1.2.4.80": ["dcmdjpls"],
    "1.2.840.10008.1.2.4.81": ["dcmdjpls"],
    "1.2.840.10008.1.2.4.90": ["gdcmconv", "--raw"],
    "1.2.840.10008.1.2.4.91": ["gdcmconv", "--raw"],
  };
  /** Files whose frames come otherwise, and why that is right. */
  const OTHERWISE: Readonly<Record<string, string>> = {
    "odd/fo-dicom__GH195.dcm":
      "says RGB and holds JFIF with shared chroma, so YCbCr: DCMTK believes the header, we the codestream",
    "transfer-syntax/ct/cornerstone3D__CTImage.dcm_JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm":
      "progressive JPEG of 12 bits is refused: no decoder here is true to it",
  };
  /** DCT and irreversible wavelets round by decoder: a value may be so many off. */
  const ROUNDED = /\.4\.(50|51|53|55|91)$/;

  async function decodedElsewhere(file: string, syntax: string): Promise<Buffer | undefined> {
    const [tool, ...args] = DECODER[syntax] ?? [];
    if (!tool || (tool === "gdcmconv" ? !hasGdcm : !hasDcmtk)) return undefined;
    const out = path.join(folder, `${sha256(Buffer.from(file)).slice(0, 12)}.dcm`);
    const files =
      tool === "gdcmconv"
        ? [...args, "-i", path.join(CORPUS, file), "-o", out]
        : [...args, path.join(CORPUS, file), out];
    const isDone = await run(tool, files).then(
      () => true,
      () => false,
    );
    if (!isDone || !existsSync(out)) return undefined;
    const bytes = readFileSync(out);
    const { pixelData, transferSyntaxUid } = await read(bytes);
    const [first, last] = [pixelData?.frames[0], pixelData?.frames.at(-1)];
    if (transferSyntaxOf(transferSyntaxUid).encapsulated || !first || !last) return undefined;
    return bytes.subarray(first.offset, last.offset + last.length);
  }

  it("frames are what DCMTK or GDCM unpack", { timeout: 600_000 }, async () => {
    const wrong: string[] = [];
    const compared: Record<string, number> = {};
    for (const { file, part10, address } of held) {
      const { transferSyntaxUid: syntax, pixelData, dataset } = part10;
      if (!pixelData || !DECODER[syntax]) continue;
      if (OTHERWISE[file]) continue;
      const theirs = await decodedElsewhere(file, syntax).catch(() => undefined);
      if (!theirs) continue;
      const answer = await get(address, `application/dicom; transfer-syntax=${EXPLICIT_LITTLE}`);
      const got = await bodyOf(answer);
      if (answer.status !== 200) {
        wrong.push(`${file}: ${answer.status} ${got.toString("utf8").slice(0, 120)}`);
        continue;
      }
      const ours = await read(got);
      const [first, last] = [ours.pixelData?.frames[0], ours.pixelData?.frames.at(-1)];
      const pixels = got.subarray(first?.offset ?? 0, (last?.offset ?? 0) + (last?.length ?? 0));
      compared[syntax] = (compared[syntax] ?? 0) + 1;
      const wide = value(dataset, "00280100") === "16";
      const most = ROUNDED.test(syntax) ? (wide ? 16 : 12) : 0;
      const off = distance(pixels, theirs, wide);
      if (off > most)
        wrong.push(`${file} ${syntax}: ${pixels.length} against ${theirs.length} bytes, ${off} off`);
    }
    console.log(`corpus by WADO-RS: frames compared ${JSON.stringify(compared)}`);
    expect(wrong).toEqual([]);
  });
});

function distance(ours: Buffer, theirs: Buffer, wide: boolean): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  if (ours.equals(theirs)) return 0;
  let most = 0;
  for (let at = 0; at + (wide ? 1 : 0) < ours.length; at += wide ? 2 : 1) {
    const [a, b] = wide ? [ours.readInt16LE(at), theirs.readInt16LE(at)] : [ours[at] ?? 0, theirs[at] ?? 0];
    most = Math.max(most, Math.abs(a - b));
  }
  return most;
}
