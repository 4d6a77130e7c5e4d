import { randomBytes, randomUUID } from "node:crypto";
import * as Access from "@weald/core/access";
import * as Consent from "@weald/core/consent";
import type { Ctx } from "@weald/core/kernel";
import * as Reporting from "@weald/core/reporting";
import * as Study from "@weald/core/study";
import type { Region } from "@weald/dev-env/region";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { codeOf, rows } from "../sent.ts";
import {
  AGENT,
  at,
  codeIn,
  doorOf,
  newestTo,
  opened,
  openRegion,
  proved,
  sendStudy,
  sessionOf,
  shared,
  somebody,
  tokenIn,
} from "./patient.ts";

const later = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const guess = () => randomBytes(16).toString("base64url");

describe("attacks on a patient's link", () => {
  let region: Region;
  let staff: Ctx;
  beforeAll(async () => {
    ({ region, staff } = await openRegion());
  });
  afterAll(() => region.stop());

  const sent = () => sendStudy(region, { of: somebody() });
  const ask = (token: string, address = "192.0.2.1", ctx = doorOf(region)) =>
    Consent.askCode(ctx, { token, address });
  const prove = (token: string, code: string, address = "192.0.2.1", ctx = doorOf(region)) =>
    Consent.proveCode(ctx, { token, code, address, agent: AGENT, device: "phone" });
  async function handed() {
    const { linkId, address } = await shared(staff, await sent());
    return { linkId, address, ...(await Consent.handOver(staff, { linkId })) };
  }
  /** A code that is surely another one. */
  const wrongOf = (code: string) => (code === "000000" ? "000001" : "000000");

  it("guessing: a token that is none is answered as one that is, and no slower or faster", async () => {
    const { token } = await handed();
    const timed = async (one: string) => {
      const from = performance.now();
      const answer = await ask(one, "198.51.100.1");
      return { answer, took: performance.now() - from };
    };
    const [real, none] = [await timed(token), await timed(guess())];
    expect(none.answer).toEqual(real.answer);
    for (const { took } of [real, none]) expect(took).toBeGreaterThanOrEqual(390);
    expect(await codeOf(prove(guess(), "123456"))).toBe("CODE_WRONG");
    expect(await codeOf(prove(token, "123456"))).toBe("CODE_WRONG");
  });

  it("brute force of a code from ever new addresses: a pause after five, a lock after ten, and its issuer hears of it", async () => {
    const { linkId, token, address } = await handed();
    await ask(token);
    const right = codeIn((await newestTo(region, address, "code"))?.text ?? "");
    const tried: string[] = [];
    for (let n = 0; n < 5; n += 1) tried.push(await codeOf(prove(token, wrongOf(right), `203.0.113.${n}`)));
    expect(tried).toEqual(Array(5).fill("CODE_WRONG"));
    expect(await codeOf(prove(token, right, "203.0.113.99"))).toBe("TRY_LATER");
    const after = at(doorOf(region), later(16));
    for (let n = 5; n < 9; n += 1) await codeOf(prove(token, wrongOf(right), `203.0.113.${n}`, after));
    expect(await codeOf(prove(token, wrongOf(right), "203.0.113.9", after))).toBe("LINK_LOCKED");
    const muchLater = at(doorOf(region), later(600));
    expect(await codeOf(prove(token, right, "203.0.113.50", muchLater))).toBe("LINK_LOCKED");
    const { tasks } = await Consent.listTasks(staff, {});
    expect(tasks).toContainEqual(expect.objectContaining({ kind: "locked", linkId }));
    await Consent.askNewLink(doorOf(region), { token });
    expect((await Consent.listTasks(staff, {})).tasks).toContainEqual(
      expect.objectContaining({ kind: "new-link", linkId }),
    );
    // A token that is none is locked the same.
    const none = guess();
    for (let n = 0; n < 5; n += 1)
      expect(await codeOf(prove(none, "111111", `203.0.113.${n}`))).toBe("CODE_WRONG");
    expect(await codeOf(prove(none, "111111", "203.0.113.98"))).toBe("TRY_LATER");
  });

  it("a code is used once, ends after ten minutes, and opens no other link", async () => {
    const [one, other] = [await handed(), await handed()];
    await ask(one.token);
    const code = codeIn((await newestTo(region, one.address, "code"))?.text ?? "");
    expect(await codeOf(prove(other.token, code))).toBe("CODE_WRONG");
    expect(await codeOf(prove(one.token, code, "192.0.2.1", at(doorOf(region), later(11))))).toBe(
      "CODE_WRONG",
    );
    expect((await prove(one.token, code)).state).toBe("open");
    expect(await codeOf(prove(one.token, code))).toBe("CODE_WRONG");
  });

  it("a date of birth is asked for beside the code, counts as a try, and is never enough", async () => {
    const { linkId, address } = await shared(staff, await sent(), { asksBirthDate: true });
    const { token } = await Consent.handOver(staff, { linkId });
    await ask(token);
    const code = codeIn((await newestTo(region, address, "code"))?.text ?? "");
    const born = (birthDate: string, given = code) =>
      Consent.proveCode(doorOf(region), {
        ...{ token, code: given, birthDate, address: "192.0.2.1", agent: AGENT, device: "phone" },
      });
    expect((await prove(token, code)).state).toBe("asks-birth-date");
    expect(await codeOf(born("1961-04-03", wrongOf(code)))).toBe("CODE_WRONG");
    expect(await codeOf(born("1990-01-01"))).toBe("CODE_WRONG");
    expect((await born("1961-04-03")).state).toBe("open");
  });

  it("a cookie in another browser opens nothing, and ends the session", async () => {
    const { secret } = await opened(region, staff, await sent());
    expect(await sessionOf(region, secret)).toBeDefined();
    expect(await sessionOf(region, secret, "curl/8")).toBeUndefined();
    expect(await sessionOf(region, secret)).toBeUndefined();
  });

  it("a session is over after half an hour without use, and after twelve hours", async () => {
    const { patient } = await opened(region, staff, await sent());
    expect(await codeOf(Consent.readMine(at(patient, later(29)), {}))).toBe("done");
    expect(await codeOf(Consent.readMine(at(patient, later(31)), {}))).toBe("SESSION_ENDED");
  });

  it("another study, series or image in the same session: as if there were none", async () => {
    const of = somebody();
    const [mine, second] = [await sendStudy(region, { of }), await sendStudy(region, { of })];
    const strangers = await sent();
    const { patient } = await opened(region, staff, mine);
    for (const { studyId } of [second, strangers]) {
      const found = await rows<{ seriesId: string; instanceId: string }>(
        region,
        'SELECT e.id::text AS "seriesId", i.id::text AS "instanceId" FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE e.study_id = $1::uuid',
        studyId,
      );
      const [first] = found;
      const instanceIds = found.map(({ instanceId }) => instanceId);
      expect(await codeOf(Consent.seeSeries(patient, { seriesId: first?.seriesId ?? "" }))).toBe("NOT_FOUND");
      expect(await codeOf(Consent.signImages(patient, { studyId, instanceIds }))).toBe("NOT_FOUND");
      expect(await codeOf(Consent.seeReport(patient, { studyId }))).toBe("NOT_FOUND");
      expect(await codeOf(Consent.signFiles(patient, { studyId, instanceIds }))).toBe("NOT_FOUND");
      const forged = await Consent.signImages(patient, { studyId: mine.studyId, instanceIds });
      expect(forged.objects).toEqual(instanceIds.map((instanceId) => ({ instanceId, gone: true })));
    }
  });

  it("a forged actor of another link, or of nobody's session, is nobody", async () => {
    const [one, other] = [
      await opened(region, staff, await sent()),
      await opened(region, staff, await sent()),
    ];
    const { actor } = one.patient;
    if (actor.kind !== "patient") throw new Error("no patient");
    for (const forged of [{ linkId: other.linkId }, { patientId: randomUUID() }, { id: randomUUID() }]) {
      const ctx = { ...one.patient, actor: { ...actor, ...forged } };
      expect(await codeOf(Consent.readMine(ctx, {}))).toBe("SESSION_ENDED");
    }
  });

  it("no door of staff takes a patient, and no patient's door takes staff", async () => {
    const study = await sent();
    const { patient } = await opened(region, staff, study);
    const { studyId, patientId } = study;
    for (const work of [
      () => Study.open(patient, { studyId }),
      () => Study.signObjects(patient, { studyId, instanceIds: [randomUUID()] }),
      () => Reporting.read(patient, { studyId }),
      () => Reporting.glance(patient, { studyId }),
      () => Access.stateRelationship(patient, { patientId, statement: "treating-now" }),
      () => Consent.listOfPatient(patient, { patientId }),
      () => Consent.setRule(patient, { modality: "", rule: { kind: "at-once" } }),
    ])
      expect(await codeOf(work())).toBe("not-for-patients");
    expect(await codeOf(Consent.readMine(staff, {}))).toBe("NOT_FOUND");
    expect(await codeOf(Consent.signImages(staff, { studyId, instanceIds: [randomUUID()] }))).toBe(
      "NOT_FOUND",
    );
  });

  it("a dump of the database and the log hold nothing that opens: no token, no code, no cookie", async () => {
    const said = vi.spyOn(process.stdout, "write");
    const { linkId, address } = await shared(staff, await sent(), { delivery: "sent", isUrgent: true });
    await Consent.sendMessages(region.ctxOf({ kind: "system", id: "timer" }), {});
    const token = tokenIn((await newestTo(region, address, "link"))?.text ?? "");
    expect(token).toHaveLength(22);
    const wrongly = await codeOf(prove(token, "999999"));
    expect(wrongly).toBe("CODE_WRONG");
    const proof = await proved(region, { token, address });
    const code = codeIn((await newestTo(region, address, "code"))?.text ?? "");
    const secret = proof.state === "open" ? proof.secret : "";
    const patient = await sessionOf(region, secret);
    if (!patient) throw new Error("no session");
    const clinic = `vale.${randomUUID()}@example.org`;
    await Consent.passOn(patient, {
      ...{ linkId: randomUUID(), name: "Dr Vale", address: clinic },
      ...{ hasReport: true, mayDownload: false, days: 5 },
    });
    await Consent.sendMessages(region.ctxOf({ kind: "system", id: "timer" }), {});
    await region.drain();
    const passed = tokenIn((await newestTo(region, clinic, "passed-on"))?.text ?? "");
    const secrets = [token, passed, secret].flatMap((one) => [
      one,
      Buffer.from(one, "base64url").toString("hex"),
      Buffer.from(one).toString("base64"),
    ]);
    const owner = new pg.Client({ connectionString: region.environment.WEALD_QUEUE_URL ?? "" });
    await owner.connect();
    const { rows: tables } = await owner.query<{ name: string }>(
      "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    );
    const dump = new Map<string, string>();
    for (const { name } of tables)
      dump.set(name, JSON.stringify((await owner.query(`SELECT t::text FROM ${name} t`)).rows));
    await owner.end();
    expect(dump.get("public.link_session")).toContain(linkId);
    for (const [name, all] of dump) {
      for (const one of secrets) expect(all.includes(one), `${name} holds a secret`).toBe(false);
      if (name.includes("link_code")) expect(all).not.toMatch(new RegExp(`\\b${code}\\b`));
    }
    const log = said.mock.calls.map(([line]) => String(line)).join("");
    said.mockRestore();
    for (const one of [...secrets, address, clinic]) expect(log.includes(one), "the log").toBe(false);
    expect(log).not.toMatch(new RegExp(`"${code}"`));
    // The code can't be found by trying, either: its proof is under the token.
    const [kept] = await rows<{ id: string; proof: string }>(
      region,
      "SELECT id::text, proof FROM link_code WHERE link_id = $1::uuid",
      linkId,
    );
    const { createHmac } = await import("node:crypto");
    for (const key of ["", linkId, kept?.id ?? ""])
      expect(createHmac("sha256", key).update(`code|${kept?.id}|${code}`).digest("hex")).not.toBe(
        kept?.proof,
      );
    expect(createHmac("sha256", token).update(`code|${kept?.id}|${code}`).digest("hex")).toBe(kept?.proof);
  });
});
