import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { demoStudies, filesOf } from "@weald/dev-env/phantoms";
import { importJWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { logsSay } from "../lifecycle/logs-say-nothing.ts";
import { folderOfDx, SENT_WORDS } from "../lifecycle/small-files.ts";
import {
  askAs,
  type Began,
  begin,
  freeBasePort,
  jsonLines,
  type Place,
  start,
  weald,
} from "../lifecycle/weald.ts";

type Row = { studyId: string; studyInstanceUid: string; custodian: string };
type Series = { seriesId: string; instanceCount: number };
type Signed = { instanceId: string; url: string };

const root = mkdtempSync(path.join(tmpdir(), "weald-lifecycle-"));
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const outcomesOf = (out: string) => jsonLines(out).slice(0, -1);
const isOneLine = (text: string) => text.trim().split("\n").length === 1;

/** Processes on this machine that speak of a place: what a region must not leave behind. */
function processesOf(word: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        return [];
      }
    })
    .filter((command) => command.includes(word));
}

async function tokenOf(place: Place, who: string): Promise<string> {
  const { out } = await weald(place, "token", "--as", who);
  return out.trim();
}

/** SHA-256 of every image of a study, as a reader gets it by signed URL. */
async function bytesServed(place: Place, token: string, studyInstanceUid: string): Promise<string[]> {
  const ask = askAs(place.port, token);
  const { rows } = (await ask.query("worklist.list", {})) as { rows: Row[] };
  const studyId = rows.find((row) => row.studyInstanceUid === studyInstanceUid)?.studyId ?? "";
  const { series } = (await ask.query("study.open", { studyId })) as { series: Series[] };
  const sums: string[] = [];
  for (const { seriesId } of series) {
    const { instances } = (await ask.query("study.readSeries", { seriesId })) as {
      instances: { instanceId: string }[];
    };
    const instanceIds = instances.map(({ instanceId }) => instanceId);
    const { objects } = (await ask.mutate("study.signObjects", { studyId, instanceIds })) as {
      objects: Signed[];
    };
    for (const { url } of objects) sums.push(sha256(new Uint8Array(await (await fetch(url)).arrayBuffer())));
  }
  return sums.sort();
}

const sumsOfFolder = (folder: string) =>
  readdirSync(folder)
    .map((name) => sha256(readFileSync(path.join(folder, name))))
    .sort();

/** A browser's cookie jar, which knows no ports: all of 127.0.0.1 shares it. */
function browser() {
  const jar = new Map<string, string>();
  async function go(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, { ...init, redirect: "manual", headers: { ...init.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return answer;
  }
  async function follow(url: string, init: RequestInit = {}): Promise<{ url: string; answer: Response }> {
    let [at, answer] = [url, await go(url, init)];
    for (let location = answer.headers.get("location"); location; location = answer.headers.get("location")) {
      at = new URL(location, at).toString();
      answer = await go(at);
    }
    return { url: at, answer };
  }
  return { jar, go, follow };
}

async function signIn(here: ReturnType<typeof browser>, port: number, who: RegExp): Promise<void> {
  const base = `http://127.0.0.1:${port}`;
  const { csrfToken } = (await (await here.go(`${base}/api/auth/csrf`)).json()) as { csrfToken: string };
  const body = new URLSearchParams({ csrfToken, callbackUrl: `${base}/worklist` });
  const headers = { origin: base };
  const asked = await here.follow(`${base}/api/auth/signin/cis2`, { method: "POST", body, headers });
  const page = await asked.answer.text();
  const button = page.split("<li>").find((item) => who.test(item)) ?? "";
  const account = /value="([^"]+)"/.exec(button)?.[1] ?? "";
  await here.follow(asked.url, { method: "POST", body: new URLSearchParams({ account }) });
}

const listOf = async (here: ReturnType<typeof browser>, port: number): Promise<string> =>
  (await here.go(`http://127.0.0.1:${port}/worklist`)).text();

// Whole regions start here, sometimes two, on a machine that has other tests to run.
describe("a region's life", { timeout: 420_000 }, () => {
  const first: Place = { home: path.join(root, "first"), port: 0 };
  const second: Place = { home: path.join(root, "second"), port: 0 };
  const backup = path.join(root, "backup");
  const before = folderOfDx(path.join(root, "before"), 3);
  const many = folderOfDx(path.join(root, "many"), 60);
  let running: Began;

  beforeAll(async () => {
    first.port = await freeBasePort();
    running = await start(first, "--empty");
  }, 15 * 60_000);
  afterAll(async () => {
    running.kill("SIGKILL");
    for (const { home } of [first, second]) {
      const note = path.join(home, "postgres/postmaster.pid");
      if (existsSync(note)) process.kill(Number(readFileSync(note, "utf8").split("\n")[0]), "SIGINT");
    }
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  it("is ready at its port, and a second start on the same WEALD_HOME says so in one line", async () => {
    const again = await weald({ ...first, port: first.port + 100 }, "start");
    expect(again.code).toBe(1);
    expect(again.err).toMatch(/\[ALREADY_RUNNING\]/);
    expect(isOneLine(again.err)).toBe(true);
  });

  it("says how it is: ports, versions, log folder, queues, last errors", async () => {
    const { code, out } = await weald(first, "status");
    expect(code).toBe(0);
    for (const offset of [0, 1, 2, 3]) expect(out).toContain(`127.0.0.1:${first.port + offset}`);
    expect(out).toMatch(/PostgreSQL 18\.\d/);
    expect(out).toContain(path.join(first.home, "logs"));
    expect(out).toMatch(/Arrivals: empty/);
    expect(out).toMatch(/Last errors and warnings/);
    expect(out).not.toContain("DOES NOT ANSWER");
  });

  it("takes in a folder sent by hand and says of each file how it came out", async () => {
    const folder = path.join(root, "mixed");
    mkdirSync(path.join(folder, "deeper"), { recursive: true });
    const study = demoStudies.find(({ key }) => key === "hollis-cxr-2019");
    for (const file of study ? filesOf(study) : [])
      writeFileSync(path.join(folder, path.basename(file.path)), file.bytes);
    writeFileSync(path.join(folder, "deeper/notes.txt"), "neither the one nor the other");
    writeFileSync(path.join(folder, "empty.dcm"), "");
    writeFileSync(path.join(folder, "cut.dcm"), Buffer.from(`${"\0".repeat(128)}DICM`));
    symlinkSync("/etc/hostname", path.join(folder, "link.dcm"));
    const sent = await weald(
      first,
      "send",
      "--trust",
      "RXC",
      "--urgency",
      "urgent",
      "--json",
      "--timeout",
      "60",
      folder,
    );
    const found = Object.fromEntries(
      outcomesOf(sent.out).map(({ file, outcome, code }) => [path.basename(String(file)), [outcome, code]]),
    );
    expect(found).toMatchObject({
      "pa-0001.dcm": ["accepted", undefined],
      "request.hl7": ["accepted", undefined],
      "report-1.hl7": ["accepted", undefined],
      "notes.txt": ["skipped", "NOT_DICOM"],
      "empty.dcm": ["skipped", "EMPTY_FILE"],
      "link.dcm": ["skipped", "LINK_NOT_FOLLOWED"],
      "cut.dcm": ["quarantined", expect.any(String)],
    });
    expect(jsonLines(sent.out).at(-1)).toMatchObject({
      files: 7,
      accepted: 3,
      quarantined: 1,
      skipped: 3,
      waiting: 0,
    });
    expect(sent.code).toBe(0);
    const again = await weald(first, "send", "--trust", "RXC", "--json", path.join(folder, "pa-0001.dcm"));
    expect(outcomesOf(again.out)[0]).toMatchObject({ outcome: "duplicate" });
  });

  it("refuses a wrong usage with 2, and says the right one", async () => {
    for (const args of [
      ["--trust", "XXX", root],
      ["--trust", "RXC"],
      ["--trust", "RXC", "--nonsense"],
      ["--trust", "RXC", "--urgency", "soon", root],
    ]) {
      const { code, err } = await weald(first, "send", ...args);
      expect(code).toBe(2);
      expect(err).toContain("npm run send");
    }
    expect((await weald(first, "start", "--size", "huge")).code).toBe(2);
  });

  it("gives a token that the portal's API takes; one that is forged or over is refused", async () => {
    const token = await tokenOf(first, "amara.okafor");
    const keys = JSON.parse(readFileSync(path.join(first.home, "identity.json"), "utf8"));
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    const signed = async (key: typeof keys.provider, exp: number) =>
      new SignJWT({ ...claims, exp })
        .setProtectedHeader({ alg: "RS512", kid: "provider", typ: "at+jwt" })
        .sign(await importJWK(key, "RS512"));
    const soon = Math.floor(Date.now() / 1000) + 60;
    const statusOf = (one: string) => askAs(first.port, one).status("worklist.list");
    expect(await statusOf(token)).toBe(200);
    expect(await statusOf(await signed(keys.provider, soon))).toBe(200);
    expect(await statusOf(await signed(keys.provider, soon - 120))).toBe(401);
    expect(await statusOf(await signed(keys.portal, soon))).toBe(401);
  });

  it("is backed up while somebody sends, and what was sent meanwhile arrives", async () => {
    await weald(first, "send", "--trust", "RXC", "--json", before.folder);
    const [sent, backedUp] = await Promise.all([
      weald(first, "send", "--trust", "RXC", "--json", many.folder),
      weald(first, "backup", backup),
    ]);
    expect(backedUp).toMatchObject({ code: 0, err: "" });
    expect(jsonLines(sent.out).at(-1)).toMatchObject({ files: 60, accepted: 60 });
  });

  it("is killed while it takes in, starts again, and the sender who waited loses nothing", async () => {
    const more = folderOfDx(path.join(root, "more"), 180);
    const args = ["send", "--trust", "RTK", "--json", "--timeout", "120", more.folder];
    const sender = await begin(first, args, '"outcome":"accepted"');
    running.kill("SIGKILL");
    await running.ended;
    expect((await weald(first, "status")).out).toMatch(/left by a start that was killed/);
    // As an older Weald would have left it: it is brought forward without a word.
    writeFileSync(path.join(first.home, "version.json"), JSON.stringify({ home: 0, weald: "0.0.1" }));
    running = await start(first, "--empty");
    expect(JSON.parse(readFileSync(path.join(first.home, "version.json"), "utf8")).home).toBe(1);
    const sent = await sender.ended;
    const lost = outcomesOf(sent.out).filter(
      ({ outcome }) => !["accepted", "duplicate"].includes(String(outcome)),
    );
    expect(lost).toEqual([]);
    expect(sent.code).toBe(0);
    const token = await tokenOf(first, "sunita.kaur");
    const served = await bytesServed(first, token, more.study);
    expect(served).toEqual(sumsOfFolder(more.folder));
  });

  it("comes back from its backup elsewhere, with the same bytes, beside the first", async () => {
    second.port = await freeBasePort();
    const restored = await weald(second, "restore", backup);
    expect(restored.code).toBe(0);
    const other = await start(second, "--empty");
    try {
      const token = await tokenOf(second, "amara.okafor");
      expect(await bytesServed(second, token, before.study)).toEqual(sumsOfFolder(before.folder));
      const left = jsonLines(
        (await weald(second, "send", "--trust", "RXC", "--json", "--timeout", "60", many.folder)).out,
      ).at(-1);
      expect(Number(left?.accepted) + Number(left?.duplicate)).toBe(60);
      const here = browser();
      await signIn(here, first.port, /Okafor/);
      await signIn(here, second.port, /Patel/);
      expect(await listOf(here, first.port)).toContain("Dr Amara Okafor");
      expect(await listOf(here, second.port)).toContain("Dr Rohan Patel");
      const shared = [...here.jar.keys()].filter(
        (name) => !name.includes(String(first.port)) && !name.includes(String(second.port)),
      );
      expect(shared).toEqual([]);
      process.kill(
        Number(readFileSync(path.join(second.home, "postgres/postmaster.pid"), "utf8").split("\n")[0]),
        "SIGQUIT",
      );
      const broken = await weald(second, "status");
      expect(broken.code).toBe(1);
      expect(broken.out).toMatch(/database .*DOES NOT ANSWER/);
      expect(broken.err).toBe("");
    } finally {
      other.kill("SIGINT");
      await other.ended;
    }
  });

  it("says nothing in its logs of whom it was sent", () => {
    expect(logsSay(path.join(first.home, "logs"), SENT_WORDS)).toEqual([]);
    expect(logsSay(path.join(second.home, "logs"), SENT_WORDS)).toEqual([]);
  });

  it("refuses a damaged backup, and leaves what is there as it was", async () => {
    const victim = path.join(backup, "secrets.json");
    const whole = readFileSync(victim);
    const kept = readFileSync(path.join(second.home, "identity.json"), "utf8");
    writeFileSync(victim, Buffer.concat([whole, Buffer.from(" ")]));
    const refused = await weald(second, "restore", "--yes", backup);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/secrets\.json is not as it was backed up.*\[BACKUP_SPOILT\]/);
    expect(readFileSync(path.join(second.home, "identity.json"), "utf8")).toBe(kept);
    expect(readdirSync(second.home)).not.toContain(".restoring");
    writeFileSync(victim, whole);
  });

  it("stops at Ctrl-C with nothing left behind, and says so", async () => {
    running.kill("SIGINT");
    const { code, out } = await running.ended;
    expect(code).toBe(0);
    expect(out).toContain("Stopped. Everything is kept for the next start.");
    expect(processesOf(first.home)).toEqual([]);
    expect((await weald(first, "status")).out).toMatch(/Not running\. Start it with: npm start\n/);
    const told = await weald(first, "send", "--trust", "RXC", before.folder);
    expect(told.code).toBe(1);
    expect(told.err).toMatch(/\[NOT_RUNNING\]/);
  });

  it("of a newer Weald is left alone, and reset deletes it only when told to", async () => {
    writeFileSync(path.join(first.home, "version.json"), JSON.stringify({ home: 99, weald: "9.0.0" }));
    const refused = await weald(first, "start");
    expect(refused.err).toMatch(/newer Weald \(9\.0\.0\).*\[HOME_IS_NEWER\]/);
    expect(isOneLine(refused.err)).toBe(true);
    expect((await weald(first, "reset")).code).toBe(1);
    expect(existsSync(first.home)).toBe(true);
    expect((await weald(first, "reset", "--yes")).code).toBe(0);
    expect(existsSync(first.home)).toBe(false);
  });
});
