import { setTimeout as wait } from "node:timers/promises";
import { type AuditSpec, type Ctx, defineAction, type Tx, WealdError } from "@weald/core/kernel";
import { createDatabase } from "@weald/db";
import { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { at, codeOf, rows } from "./sent.ts";

const PATIENT = "0199a000-0000-7000-8000-000000000001";
const ANOTHER = "0199a000-0000-7000-8000-000000000002";
const STUDY = "0199a000-0000-7000-8000-000000000003";

type Input = { mark: string; patientId: string };
type Row = {
  action: string;
  outcome: string;
  reason: string | null;
  actor_id: string;
  role: string;
  organisation: string;
  purpose: string | null;
  patient_id: string | null;
  study_id: string | null;
  door: string;
  correlation_id: string;
  from_address: string | null;
  from_system: string | null;
  session_id: string | null;
};

/** An action for this test alone: writes an outbox row as its change. */
function writing(
  name: `test.${string}`,
  decide: "allow" | "deny" | "hide",
  more: { run?(tx: Tx): Promise<void>; audit?: AuditSpec<Input, string> } = {},
) {
  return defineAction({
    name,
    input: z.object({ mark: z.string().min(1), patientId: z.uuid().default(PATIENT) }),
    policy: {
      name: "test.policy",
      decide: () =>
        decide === "allow"
          ? { allowed: true }
          : { allowed: false, reason: "for-a-reason", ...(decide === "hide" ? { hide: true as const } : {}) },
      cases: [],
    },
    load: async () => null,
    async run(tx, { mark }) {
      await tx.enqueue("test.written", { mark });
      await more.run?.(tx);
      return mark;
    },
    audit: more.audit ?? {
      how: "each",
      verb: "changed",
      subjects: ({ patientId }) => ({ patientId, studyId: STUDY, custodian: "RXC" }),
    },
  });
}

describe("the waist", () => {
  let region: Region;
  let ctx: Ctx;
  beforeAll(async () => {
    region = await Region.create();
    const source = { address: "203.0.113.7", system: "PACS_RXC" };
    ctx = { ...region.as("amara.okafor@RXC"), purpose: "reporting", source };
  });
  afterAll(() => region.stop());

  const auditOf = (action: string) =>
    rows<Row>(
      region,
      "SELECT *, patient_id::text, study_id::text, xid::text FROM audit_event WHERE action = $1 ORDER BY at, id",
      action,
    );
  const writtenBy = (mark: string) =>
    rows(region, "SELECT id::int FROM outbox WHERE type = 'test.written' AND payload->>'mark' = $1", mark);
  const transactionsOf = (mark: string, action: string) =>
    rows<{ xmin: string }>(
      region,
      "SELECT xmin::text FROM outbox WHERE payload->>'mark' = $1 UNION SELECT xmin::text FROM audit_event WHERE action = $2",
      mark,
      action,
    );

  it("commits change, audit row and outbox row in one transaction, and the row says who, for whom, why, from where and by which door", async () => {
    expect(await writing("test.good", "allow")(ctx, { mark: "good" })).toBe("good");
    expect(await transactionsOf("good", "test.good")).toHaveLength(1);
    expect(await auditOf("test.good")).toMatchObject([
      {
        outcome: "success",
        reason: null,
        actor_id: ctx.actor.id,
        role: "radiologist",
        organisation: "RXC",
        purpose: "reporting",
        patient_id: PATIENT,
        study_id: STUDY,
        door: "test",
        correlation_id: ctx.correlationId,
        from_address: "203.0.113.7",
        from_system: "PACS_RXC",
      },
    ]);
  });

  it("of somebody in a session says which: what was done in one sitting stands together", async () => {
    const inSession = await region.signedIn("amara.okafor@RXC");
    await writing("test.in-session", "allow")(inSession, { mark: "session" });
    expect(await auditOf("test.in-session")).toMatchObject([{ session_id: inSession.session?.id }]);
  });

  it("a refusal changes nothing and commits its audit row with the policy's reason", async () => {
    const refused = writing("test.refused", "deny")(ctx, { mark: "refused" });
    await expect(refused).rejects.toMatchObject({
      code: "ACCESS_DENIED",
      kind: "forbidden",
      reason: "for-a-reason",
    });
    expect(await writtenBy("refused")).toEqual([]);
    expect(await auditOf("test.refused")).toMatchObject([
      { outcome: "denied", reason: "for-a-reason", patient_id: PATIENT },
    ]);
  });

  it("what is hidden is as if it were absent, and on the audit it is a refusal with its reason", async () => {
    const hidden = writing("test.hidden", "hide")(ctx, { mark: "hidden" });
    await expect(hidden).rejects.toMatchObject({ code: "NOT_FOUND", kind: "not_found" });
    await hidden.catch((error: unknown) => {
      expect(String(error)).not.toContain("for-a-reason");
    });
    expect(await writtenBy("hidden")).toEqual([]);
    expect(await auditOf("test.hidden")).toMatchObject([{ outcome: "denied", reason: "for-a-reason" }]);
  });

  it("a throw rolls back change and outbox, and leaves a failure row of its own", async () => {
    const action = writing("test.thrown", "allow", {
      run: async () => {
        throw new Error("on purpose, with a name in it: Rowan Alder");
      },
    });
    await expect(action(ctx, { mark: "thrown" })).rejects.toThrow("on purpose");
    expect(await writtenBy("thrown")).toEqual([]);
    const [row, ...more] = await auditOf("test.thrown");
    expect(more).toEqual([]);
    expect(row).toMatchObject({ outcome: "failure", reason: "INTERNAL", patient_id: PATIENT });
    expect(JSON.stringify(row)).not.toContain("Alder");
  });

  it("no audit row, no change: where the audit can't be written, nothing is", async () => {
    const action = writing("test.unaudited", "allow", {
      audit: { how: "each", verb: "changed", subjects: () => ({ patientId: "no uuid" }) },
    });
    await expect(action(ctx, { mark: "unaudited" })).rejects.toThrow();
    expect(await writtenBy("unaudited")).toEqual([]);
  });

  it("a refusal and a failure are on the record also where success is content-free", async () => {
    const silent = { audit: { how: "none" } } as const;
    await writing("test.silent", "allow", silent)(ctx, { mark: "silent" });
    expect(await auditOf("test.silent")).toEqual([]);
    expect(await codeOf(writing("test.silent", "deny", silent)(ctx, { mark: "silent" }))).toBe(
      "for-a-reason",
    );
    const failing = writing("test.silent", "allow", {
      ...silent,
      run: () => Promise.reject(new Error("no")),
    });
    expect(await codeOf(failing(ctx, { mark: "silent" }))).toBe("no");
    expect((await auditOf("test.silent")).map(({ outcome }) => outcome)).toEqual(["denied", "failure"]);
  });

  it("what is sent is judged before anything else: INPUT_INVALID names the place and holds no value", async () => {
    const sent = writing("test.input", "allow")(ctx, { mark: "", patientId: "Rowan Alder" });
    await expect(sent).rejects.toMatchObject({ code: "INPUT_INVALID", kind: "invalid" });
    await sent.catch((error: unknown) => {
      expect(String(error)).toMatch(/mark, patientId/);
      expect(String(error)).not.toContain("Alder");
    });
    expect(await auditOf("test.input")).toEqual([]);
  });

  it("inside the transaction there are no ports: nothing in it waits for the outside", async () => {
    let keys: string[] = [];
    const action = writing("test.ports", "allow", {
      run: async (tx) => {
        keys = Object.keys(tx);
      },
    });
    await action(ctx, { mark: "ports" });
    expect(keys.sort()).toEqual(["actor", "enqueue", "now", "purpose", "session"]);
  });

  it("`after` runs once what it speaks of is committed, and its answer is awaited", async () => {
    const action = defineAction({
      name: "test.after",
      input: z.object({}),
      policy: { name: "test.policy", decide: () => ({ allowed: true }), cases: [] },
      load: async () => null,
      run: (tx) => tx.enqueue("test.written", { mark: "after" }),
      after: async () => (await writtenBy("after")).length,
      audit: { how: "none" },
    });
    expect(await action(ctx, {})).toBe(1);
  });

  describe("a coalesced look", () => {
    const look = writing("test.look", "allow", {
      audit: {
        how: "coalesced",
        verb: "displayed",
        subjects: ({ patientId }) => ({ patientId, studyId: STUDY }),
      },
    });
    const begun = Date.now();
    const minutes = (count: number) => at(ctx, new Date(begun + count * 60_000));
    const count = async () => (await auditOf("test.look")).length;

    it("leaves one row in 15 minutes, and one more after them, on another patient, by another person or for another trust", async () => {
      await look(minutes(0), { mark: "look" });
      await look(minutes(14), { mark: "look" });
      expect(await count()).toBe(1);
      await look(minutes(14), { mark: "look", patientId: ANOTHER });
      expect(await count()).toBe(2);
      await look(at(region.as("rohan.patel"), new Date(begun)), { mark: "look" });
      expect(await count()).toBe(3);
      await look(at(region.as("amara.okafor@RA2"), new Date(begun)), { mark: "look" });
      expect(await count()).toBe(4);
      await look(minutes(16), { mark: "look" });
      expect(await count()).toBe(5);
    });
    it("that follows a declared prefetch leaves its own row: nobody had looked before", async () => {
      const before = await count();
      const third = "0199a000-0000-7000-8000-000000000009";
      const fetching = (isPrefetch: boolean) =>
        writing("test.look", "allow", {
          audit: {
            how: "coalesced",
            verb: "fetched-ahead",
            subjects: ({ patientId }) => ({ patientId, studyId: STUDY, isPrefetch }),
          },
        });
      for (const isPrefetch of [true, true, false, true])
        await fetching(isPrefetch)(ctx, { mark: "look", patientId: third });
      expect(await count()).toBe(before + 2);
    });
    it("never swallows a refusal", async () => {
      const audit = {
        how: "coalesced",
        verb: "displayed",
        subjects: () => ({ patientId: PATIENT }),
      } as const;
      const refusing = writing("test.look-refused", "deny", { audit });
      for (const _time of [1, 2]) await codeOf(refusing(ctx, { mark: "look" }));
      expect(await auditOf("test.look-refused")).toHaveLength(2);
    });
  });

  describe("a database that is away or slow", () => {
    const over = (more: { connectionString?: string; transactionSeconds?: number }): Ctx => {
      const connectionString = region.environment.WEALD_DATABASE_URL ?? "";
      const db = createDatabase({ connectionString, ...more });
      return { ...ctx, service: { ...ctx.service, db } };
    };
    const said = async (work: Promise<unknown>) => {
      const error: unknown = await work.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      return error instanceof WealdError ? { kind: error.kind, code: error.code } : error;
    };

    it("is no fault of ours to any door: it says that it is away, and it was not done", async () => {
      const away = new URL(region.environment.WEALD_DATABASE_URL ?? "");
      away.port = "1";
      const asked = over({ connectionString: away.toString() });
      const change = writing("test.away", "allow")(asked, { mark: "away" });
      expect(await said(change)).toEqual({ kind: "unavailable", code: "DATABASE_AWAY" });
      await asked.service.db.close();
    });
    it("that takes longer than a transaction may says that it is slow, nothing was done, and the record has it", async () => {
      const asked = over({ transactionSeconds: 1 });
      const run = async (tx: Tx) => {
        await wait(1200);
        await tx.enqueue("test.written", { mark: "never" });
      };
      const change = writing("test.slow", "allow", { run })(asked, { mark: "slow" });
      expect(await said(change)).toEqual({ kind: "unavailable", code: "DATABASE_SLOW" });
      expect(await auditOf("test.slow")).toMatchObject([{ outcome: "failure", reason: "DATABASE_SLOW" }]);
      expect(await writtenBy("slow")).toEqual([]);
      await asked.service.db.close();
    });
  });
});
