import * as Access from "@weald/core/access";
import * as Audit from "@weald/core/audit";
import { type AuditFailing, type Ctx, defineAction } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { bytesOf, codeOf, dicom, rows, sendAll, studyIdOf, systemCtx } from "./sent.ts";

const PATIENT = "0199a000-0000-7000-8000-000000000001";

/** An action for this test alone: `run` writes an outbox row as its change, `after` releases. */
function acting(
  name: `test.${string}`,
  verb: "opened" | "changed",
  more: { deny?: true; whenAuditFails?: AuditFailing; how?: "coalesced" } = {},
) {
  return defineAction({
    name,
    input: z.object({}),
    policy: {
      name: "test.policy",
      decide: () => (more.deny ? { allowed: false, reason: "for-a-reason" } : { allowed: true }),
      cases: [],
    },
    load: async () => null,
    run: (tx) => (verb === "changed" ? tx.enqueue("test.changed", { name }) : Promise.resolve()),
    after: async () => released.push(name),
    ...(more.whenAuditFails ? { whenAuditFails: more.whenAuditFails } : {}),
    audit: { how: more.how ?? "each", verb, subjects: () => ({ patientId: PATIENT, custodian: "RXC" }) },
  });
}
let released: string[] = [];

describe("where the audit can't be written and the database lives", () => {
  let region: Region;
  let owner: pg.Client;
  let ctx: Ctx;
  let noSpool: Ctx;
  beforeAll(async () => {
    region = await Region.create();
    owner = new pg.Client({ connectionString: region.environment.WEALD_QUEUE_URL });
    await owner.connect();
    ctx = { ...region.as("amara.okafor@RXC"), purpose: "reporting", source: { address: "203.0.113.7" } };
    const spool = { ...ctx.service.ports.spool, put: () => Promise.reject(new Error("no room")) };
    noSpool = { ...ctx, service: { ...ctx.service, ports: { ...ctx.service.ports, spool } } };
    await owner.query("REVOKE INSERT ON audit_event FROM weald_app");
  });
  beforeEach(() => {
    released = [];
  });
  afterAll(async () => {
    await owner.end();
    await region.stop();
  });

  const inTable = (action: string) =>
    rows<Record<string, unknown>>(
      region,
      "SELECT outcome, reason, actor_id, patient_id::text, from_address FROM audit_event WHERE action = $1 ORDER BY at, id",
      action,
    );
  async function inSpool(action: string): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    const { spool } = region.service.ports;
    for await (const { key } of spool.list("waiting/")) {
      const parts: Uint8Array[] = [];
      for await (const part of await spool.read(key)) parts.push(part);
      found.push(
        ...z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(Buffer.concat(parts).toString())),
      );
    }
    return found.filter((row) => row.action === action);
  }
  const changesOf = (name: string) =>
    rows(region, "SELECT id::int FROM outbox WHERE type = 'test.changed' AND payload->>'name' = $1", name);

  it.each(["each", "coalesced"] as const)(
    "a look (%s) goes on, and its row is in the spool before anything is released",
    async (how) => {
      const action = acting(`test.look-${how}`, "opened", how === "coalesced" ? { how } : {});
      const { spool } = ctx.service.ports;
      let releasedBefore = -1;
      const watched: Ctx = {
        ...ctx,
        service: {
          ...ctx.service,
          ports: {
            ...ctx.service.ports,
            spool: {
              ...spool,
              async put(...given) {
                const put = await spool.put(...given);
                releasedBefore = released.length;
                return put;
              },
            },
          },
        },
      };
      await action(watched, {});
      expect(releasedBefore).toBe(0);
      expect(released).toEqual([`test.look-${how}`]);
      expect(await inTable(`test.look-${how}`)).toEqual([]);
      expect(await inSpool(`test.look-${how}`)).toMatchObject([
        { outcome: "success", actorId: ctx.actor.id, patientId: PATIENT, fromAddress: "203.0.113.7" },
      ]);
    },
  );
  it("a refusal is a refusal, and its row is in the spool", async () => {
    expect(await codeOf(acting("test.refused", "opened", { deny: true })(ctx, {}))).toBe("for-a-reason");
    expect(await inSpool("test.refused")).toMatchObject([{ outcome: "denied", reason: "for-a-reason" }]);
  });
  it("nothing changes without its row: a change is rolled back, and its failure is in the spool", async () => {
    expect(await codeOf(acting("test.change", "changed")(ctx, {}))).toBe("AUDIT_UNAVAILABLE");
    expect(released).toEqual([]);
    expect(await changesOf("test.change")).toEqual([]);
    expect(await inSpool("test.change")).toMatchObject([{ outcome: "failure", reason: "AUDIT_UNAVAILABLE" }]);
  });
  it("where the spool is refused too, a look stops with words that say what to do", async () => {
    const stopped = acting("test.stopped", "opened")(noSpool, {});
    await expect(stopped).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE", kind: "unavailable" });
    await stopped.catch((error: unknown) => expect(String(error)).toContain("break-glass"));
    expect(released).toEqual([]);
  });
  it("what must open in an emergency opens, over the spool, and where that is refused too, counted", async () => {
    const open = acting("test.emergency", "changed", { whenAuditFails: "open-and-count" });
    await open(ctx, {});
    expect(await inSpool("test.emergency")).toHaveLength(1);
    const told: unknown[] = [];
    const counting = { ...noSpool, service: { ...noSpool.service, log: (line: unknown) => told.push(line) } };
    await open(counting, {});
    expect(released).toEqual(["test.emergency", "test.emergency"]);
    expect(await changesOf("test.emergency")).toHaveLength(2);
    expect(told).toContainEqual({
      level: "error",
      event: "audit.unrecorded",
      action: "test.emergency",
      rows: 1,
    });
  });
  it("broken glass opens, is marked as unrecorded so that it stands first in its queue, and so do the looks under it", async () => {
    const study = mintUid();
    await owner.query("GRANT INSERT ON audit_event TO weald_app");
    await sendAll(region, "RXC", dicom(bytesOf({ study })));
    const studyId = await studyIdOf(region, study);
    const [found] = await rows<{ id: string }>(region, "SELECT patient_id::text AS id FROM study");
    const inSession = await region.signedIn("ines.marlow");
    await owner.query("REVOKE INSERT ON audit_event FROM weald_app");
    const clinician: Ctx = {
      ...noSpool,
      ...{ actor: inSession.actor, session: inSession.session, purpose: "direct-care" },
    };
    expect(await codeOf(Study.open(clinician, { studyId }))).toBe("AUDIT_UNAVAILABLE");
    const { glassId } = await Access.breakGlass(clinician, {
      patientId: found?.id ?? "",
      reason: "life-at-risk",
    });
    expect(await rows(region, "SELECT id::text FROM broken_glass WHERE NOT was_audited")).toEqual([
      { id: glassId },
    ]);
    expect((await Study.open(clinician, { studyId })).studyId).toBe(studyId);
    // Who has not broken it sees nothing still.
    expect(await codeOf(Study.open(noSpool, { studyId }))).toBe("AUDIT_UNAVAILABLE");
  });
  it("our own functions' failures don't fill the spool with themselves", async () => {
    await codeOf(acting("test.system", "changed")(systemCtx(region), {}));
    expect(await inSpool("test.system")).toEqual([]);
  });

  it("what waits is merged once the audit can be written again, each row once, as it was", async () => {
    const system = systemCtx(region);
    expect((await Audit.mergeSpool(system, {})).merged).toBe(0);
    expect(await inSpool("test.look-each")).toHaveLength(1);
    await owner.query("GRANT INSERT ON audit_event TO weald_app");
    const { spool } = system.service.ports;
    // Dying between the insert and the taking away: the object is still there, and is merged again.
    const dying = { ...spool, delete: () => Promise.reject(new Error("dies here")) };
    await codeOf(
      Audit.mergeSpool(
        { ...system, service: { ...system.service, ports: { ...system.service.ports, spool: dying } } },
        {},
      ),
    );
    await Audit.mergeSpool(system, {});
    for (const action of ["test.look-each", "test.look-coalesced", "test.refused"])
      expect(await inTable(action)).toHaveLength(1);
    expect(await inTable("test.look-each")).toEqual([
      {
        outcome: "success",
        reason: null,
        actor_id: ctx.actor.id,
        patient_id: PATIENT,
        from_address: "203.0.113.7",
      },
    ]);
    expect(await Audit.mergeSpool(system, {})).toEqual({ merged: 0, left: 0, next: undefined });
  });
  it("what can't be merged stays and is told, and what is behind it comes in all the same", async () => {
    const system = systemCtx(region);
    const { spool } = system.service.ports;
    const put = (key: string, text: string) => {
      const body = Buffer.from(text);
      return spool.put(key, body, { contentType: "application/json", sizeBytes: body.length });
    };
    await put("waiting/0000/broken.json", "no rows");
    await owner.query("REVOKE INSERT ON audit_event FROM weald_app");
    await acting("test.behind", "opened")(ctx, {});
    await owner.query("GRANT INSERT ON audit_event TO weald_app");
    expect(await Audit.mergeSpool(system, {})).toMatchObject({ merged: 1, left: 1 });
    expect(await inTable("test.behind")).toHaveLength(1);
    expect(await spool.head("waiting/0000/broken.json")).toBeDefined();
  });
});
