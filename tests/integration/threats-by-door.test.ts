import { readFileSync } from "node:fs";
import { Region } from "@weald/dev-env/region";
import { type DicomJson, EXPLICIT_LITTLE, mintUid, sequence, text } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { threats } from "../../packages/dicom/src/fixtures/threats.ts";
import { post, related } from "../contract/dicomweb/stow.ts";
import { type EdgeProcess, edgeProcess } from "./edge/edge-process.ts";
import { type RegionDoor, regionDoor } from "./edge/region-door.ts";
import { echo, store } from "./edge/scu.ts";
import { bytesOf, rows } from "./sent.ts";

const MB = 1024 ** 2;
/** What a STOW function takes. */
const MOST_SENT = 4 * MB;
const LEAST_CLASSES = 12;
/** A second is the reader's, by its own tests; beside it stand door, inbox and database, on a machine that others load. */
const MOST_CPU_SECONDS = 5;
const FAILED = "00081198";
const REFERENCED = "00081199";
const OTHER = "0008119A";
const OUR_CODE = "00091001";
const PREAMBLE = 128;

type Harm = { name: string; code: string; bytes: Buffer };

async function upTo(stream: AsyncIterable<Uint8Array>, most: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The classes of CVE-2026-5437 to -5445 that fit a request. What goes on for ever is held by the reader's own tests. */
async function harms(): Promise<Harm[]> {
  const made: Harm[] = [];
  for (const [name, { code, stream }] of Object.entries(threats)) {
    const bytes = code === undefined ? undefined : await upTo(stream(), MOST_SENT);
    if (bytes && code) made.push({ name, code, bytes });
  }
  return made;
}

/** Group length, then as many bytes. @see DICOM PS3.10 §7.1 */
const metaEnd = (bytes: Buffer) => PREAMBLE + 4 + 12 + bytes.readUInt32LE(PREAMBLE + 4 + 8);
const hasMeta = (bytes: Buffer) => bytes.readUInt32LE(PREAMBLE + 4) === 0x0000_0002;
const syntaxIn = (meta: Buffer) => {
  const at = meta.indexOf(Buffer.from([2, 0, 0x10, 0]));
  return meta
    .subarray(at + 8, at + 8 + meta.readUInt16LE(at + 6))
    .toString("latin1")
    .replace(/\0$/, "");
};

const ourCpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const cpuSecondsOf = (pid: number) => {
  const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const fields = rest.split(" ").map(Number);
  return ((fields[11] ?? 0) + (fields[12] ?? 0)) / 100;
};
const rssMb = (pid: number | "self") =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;

const made = await harms();

describe("objects made to harm, by the doors of other systems", () => {
  let region: Region;
  let door: RegionDoor;
  let edge: EdgeProcess;
  let token: string;
  beforeAll(async () => {
    region = await Region.create();
    // A store waits for what becomes of its objects.
    await region.cloud.start();
    door = await regionDoor(region);
    edge = await edgeProcess({ regionUrl: door.url });
    token = await region.tokenOf(region.system("RXC"));
  });
  afterAll(async () => {
    await edge?.stop();
    await door?.close();
    await region?.stop();
  });

  const held = async () =>
    (await rows<{ n: number }>(region, "SELECT count(*)::int n FROM instance"))[0]?.n ?? -1;
  const setAside = () =>
    rows<{ code: string; n: number }>(
      region,
      "SELECT code, count(*)::int n FROM quarantine_item GROUP BY code ORDER BY code",
    );
  const stow = (bytes: Uint8Array) => {
    const { body, contentType } = related([bytes]);
    return post({
      url: `${region.dicomwebUrl}/studies`,
      token,
      body,
      headers: { "content-type": contentType },
    });
  };
  const stored = async (path: string) => {
    const answer = await fetch(`${region.dicomwebUrl}${path}`, {
      headers: { authorization: `Bearer ${token}`, accept: "application/dicom; transfer-syntax=*" },
    });
    return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const codesIn = (dataset: DicomJson, tag: string) =>
    sequence(dataset, tag).map((item) => text(item, OUR_CODE));

  /** What a door keeps of one object: nothing, and one thing set aside by its code. */
  async function keptOf(send: () => Promise<unknown>) {
    const [instances, before] = [await held(), new Map((await setAside()).map(({ code, n }) => [code, n]))];
    await send();
    const more = (await setAside()).filter(({ code, n }) => n !== before.get(code));
    return {
      instances: (await held()) - instances,
      setAside: more.map(({ code, n }) => [code, n - (before.get(code) ?? 0)]),
    };
  }
  /** The most that either process took. Of the machine's time: other tests share the clock's. */
  async function cpuSeconds(send: () => Promise<unknown>): Promise<number> {
    const now = () => [ourCpuSeconds(), cpuSecondsOf(edge.pid() ?? 0)] as const;
    const before = now();
    await send();
    return Math.max(...now().map((seconds, index) => seconds - (before[index] ?? 0)));
  }
  const viaDimse = (dataset: Uint8Array, transferSyntaxUid = EXPLICIT_LITTLE, sopInstanceUid = mintUid()) =>
    store({ port: edge.dimsePort() }, [{ sopInstanceUid, dataset, transferSyntaxUid }]);
  const shot = () => {
    const uids = { study: mintUid(), series: mintUid(), sop: mintUid() };
    const path = `/studies/${uids.study}/series/${uids.series}/instances/${uids.sop}`;
    return { ...uids, path, bytes: Buffer.from(bytesOf(uids)) };
  };
  const dataOf = (bytes: Buffer) => bytes.subarray(metaEnd(bytes));

  it("there is one for each class, and both doors are open", async () => {
    expect(made.length).toBeGreaterThan(LEAST_CLASSES);
    const [first, second] = [shot(), shot()];
    expect((await stow(first.bytes)).status).toBe(200);
    expect(await viaDimse(dataOf(second.bytes), EXPLICIT_LITTLE, second.sop)).toEqual([0]);
    await edge.settled();
    expect((await stored(second.path)).answer.status).toBe(200);
  });

  it.each(made)("STOW-RS tells by its reason what is set aside, at once: $name", async (harm) => {
    let took = 0;
    const kept = await keptOf(async () => {
      took = await cpuSeconds(async () => {
        const { status, dataset } = await stow(harm.bytes);
        expect([status, ...codesIn(dataset, FAILED), ...codesIn(dataset, OTHER)]).toEqual([409, harm.code]);
      });
    });
    expect(kept).toEqual({ instances: 0, setAside: [[harm.code, 1]] });
    expect(took).toBeLessThan(MOST_CPU_SECONDS);
  });

  it.each(made.filter(({ bytes }) => hasMeta(bytes)))(
    "C-STORE is answered once it is durable, and it is set aside by its code, at once: $name",
    async ({ code, bytes }) => {
      const syntax = syntaxIn(bytes.subarray(0, metaEnd(bytes)));
      let took = 0;
      const kept = await keptOf(async () => {
        took = await cpuSeconds(async () => {
          expect(await viaDimse(dataOf(bytes), syntax)).toEqual([0]);
          await edge.settled();
        });
      });
      expect(kept).toEqual({ instances: 0, setAside: [[code, 1]] });
      expect(took).toBeLessThan(MOST_CPU_SECONDS);
    },
  );

  it("memory stays flat over all of them again, and both doors work afterwards", async () => {
    const before = { region: rssMb("self"), gateway: rssMb(edge.pid() ?? 0) };
    for (const { bytes } of made) {
      await stow(bytes);
      if (hasMeta(bytes)) await viaDimse(dataOf(bytes), syntaxIn(bytes.subarray(0, metaEnd(bytes))));
    }
    await edge.settled();
    expect(rssMb("self") - before.region).toBeLessThan(256);
    expect(rssMb(edge.pid() ?? 0) - before.gateway).toBeLessThan(100);
    const [first, second] = [shot(), shot()];
    expect((await stow(first.bytes)).status).toBe(200);
    expect((await echo({ port: edge.dimsePort() })).responses[0]?.getStatus()).toBe(0);
    expect(await viaDimse(dataOf(second.bytes), EXPLICIT_LITTLE, second.sop)).toEqual([0]);
    await edge.settled();
    for (const { path } of [first, second]) expect((await stored(path)).answer.status).toBe(200);
  });

  describe("a program in the preamble", () => {
    const asProgram = (bytes: Buffer) => {
      const program = Buffer.from(bytes);
      program.write("MZ\u0090\u0000\u0003", 0, "latin1");
      return program;
    };

    it("by STOW-RS comes out of WADO-RS cleared, the rest of it untouched, as nothing that a browser runs", async () => {
      const { bytes, path } = shot();
      const { status, dataset } = await stow(asProgram(bytes));
      expect([status, codesIn(dataset, REFERENCED)]).toEqual([202, ["PREAMBLE_CLEARED"]]);
      const got = await stored(path);
      expect(got.bytes.equals(bytes)).toBe(true);
      expect(got.answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(got.answer.headers.get("content-disposition")).toMatch(/^attachment/);
    });

    it("by C-STORE has no way in: the gateway's own preamble is empty, and a whole file as a data set is set aside", async () => {
      const { bytes, path, sop } = shot();
      expect(await viaDimse(dataOf(bytes), EXPLICIT_LITTLE, sop)).toEqual([0]);
      await edge.settled();
      const got = await stored(path);
      expect(got.bytes.subarray(0, PREAMBLE).equals(Buffer.alloc(PREAMBLE))).toBe(true);
      expect(got.bytes.subarray(metaEnd(got.bytes)).equals(dataOf(bytes))).toBe(true);
      const kept = await keptOf(async () => {
        expect(await viaDimse(asProgram(shot().bytes))).toEqual([0]);
        await edge.settled();
      });
      expect(kept).toEqual({ instances: 0, setAside: [["TRUNCATED", 1]] });
    });
  });
});
