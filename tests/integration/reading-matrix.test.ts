import * as Access from "@weald/core/access";
import type { Actor, Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Reporting from "@weald/core/reporting";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import { ACTIVITIES_OF } from "@weald/dev-env/people";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, image, rowan, rows, studyIdOf, systemCtx } from "./sent.ts";

const ROLES = [
  "radiologist",
  "reporting-radiographer",
  "clinician",
  "radiographer",
  "mdt-coordinator",
  "pacs-manager",
  "privacy-officer",
  "gateway",
] as const;
type MatrixRole = (typeof ROLES)[number];
const CLASSES = ["ordinary", ...Patient.SENSITIVITIES] as const;

/** The study is RXC's. `member` is another trust that shares; `outside` one without an agreement, to which nothing exists. */
const TRUSTS = { own: "RXC", member: "RA2", outside: "RTP" } as const;
type Trust = keyof typeof TRUSTS;

/** Why a person may look: nothing, their own word, an admission that a message told of, or broken glass. */
const WHYS = {
  alone: undefined,
  stated: "statement",
  cares: "admission",
  "broke the glass": "glass",
} as const;
type Why = keyof typeof WHYS;

/**
 * What each role gets of an ordinary study, without and with a relationship to the patient. Written out, not worked out: this
 * is the promise.
 */
const ORDINARY: Record<MatrixRole, Record<"own" | "member", readonly [alone: string, related: string]>> = {
  radiologist: { own: ["done", "done"], member: ["done", "done"] },
  "reporting-radiographer": { own: ["done", "done"], member: ["done", "done"] },
  clinician: { own: ["no-relationship", "done"], member: ["no-relationship", "done"] },
  radiographer: { own: ["done", "done"], member: ["other-trust", "done"] },
  "mdt-coordinator": { own: ["no-relationship", "done"], member: ["no-relationship", "done"] },
  "pacs-manager": { own: ["done", "done"], member: ["other-trust", "done"] },
  "privacy-officer": {
    own: ["not-for-this-role", "not-for-this-role"],
    member: ["not-for-this-role", "not-for-this-role"],
  },
  gateway: {
    own: ["not-for-this-role", "not-for-this-role"],
    member: ["not-for-this-role", "not-for-this-role"],
  },
};
/** A sensitive study opens to reporters of the trust that holds it, and to whoever looks at images and cares or broke the glass. */
const REPORTS_IN_OWN_TRUST: readonly MatrixRole[] = ["radiologist", "reporting-radiographer"];
const NEVER_LOOKS: readonly MatrixRole[] = ["privacy-officer", "gateway"];
/** Of these not even the existence is told: the study is as if absent, and the patient's page as if it had none. */
const PRIVATE_TO_EXIST: readonly string[] = ["safeguarding", "sexual-health", "forensic"];

type Cell = { role: MatrixRole; trust: Trust; why: Why };

function opensSensitive({ role, trust, why }: Cell): boolean {
  if (trust === "own" && REPORTS_IN_OWN_TRUST.includes(role)) return true;
  return !NEVER_LOOKS.includes(role) && (why === "cares" || why === "broke the glass");
}

/** The S-flag alone: without the site to who reads every trust, or whom the patient needs (site-mask.test.ts says what they get). */
const opensMasked = ({ role, why }: Cell): boolean =>
  REPORTS_IN_OWN_TRUST.includes(role) || (!NEVER_LOOKS.includes(role) && why !== "alone");

function expected(cell: Cell, kind: string, { absent, isPage }: { absent: string; isPage: boolean }): string {
  if (cell.trust === "outside") return absent;
  const ordinary = ORDINARY[cell.role][cell.trust][cell.why === "alone" ? 0 : 1];
  if (kind === "ordinary" || opensSensitive(cell)) return ordinary;
  if (kind === "s-flag" && opensMasked(cell)) return ordinary;
  if (!PRIVATE_TO_EXIST.includes(kind)) return "sensitive";
  return isPage ? ordinary : absent;
}

const actorOf = (role: MatrixRole, trust: Trust, why: Why): Actor => {
  const id = `${role}-${trust}-${why}`;
  const organisation = TRUSTS[trust];
  if (role === "gateway") return { kind: "client", id, organisation, scopes: ["inbox.write"] };
  return { kind: "person", id, roleId: `${id}-1`, role, organisation, activities: ACTIVITIES_OF[role] };
};

type Held = { kind: string; patientId: string; studyId: string; seriesId: string; instanceId: string };

/** Every action that reads a study or its patient, with what it says of something that isn't there. */
const READS: readonly { name: string; absent: string; read(ctx: Ctx, held: Held): Promise<unknown> }[] = [
  { name: "study.open", absent: "STUDY_NOT_FOUND", read: (ctx, { studyId }) => Study.open(ctx, { studyId }) },
  {
    name: "study.read-series",
    absent: "STUDY_NOT_FOUND",
    read: (ctx, { seriesId }) => Study.readSeries(ctx, { seriesId }),
  },
  {
    name: "study.sign-objects",
    absent: "STUDY_NOT_FOUND",
    read: (ctx, { studyId, instanceId }) => Study.signObjects(ctx, { studyId, instanceIds: [instanceId] }),
  },
  {
    name: "study.report-displayed",
    absent: "STUDY_NOT_FOUND",
    read: (ctx, { studyId, seriesId }) => Study.reportDisplayed(ctx, { studyId, seriesId, frames: 1 }),
  },
  {
    name: "reporting.read",
    absent: "STUDY_NOT_FOUND",
    read: (ctx, { studyId }) => Reporting.read(ctx, { studyId }),
  },
  {
    name: "reporting.glance",
    absent: "STUDY_NOT_FOUND",
    read: (ctx, { studyId }) => Reporting.glance(ctx, { studyId }),
  },
  {
    name: "timeline.read",
    absent: "PATIENT_NOT_FOUND",
    read: (ctx, { patientId }) => Timeline.read(ctx, { patientId }),
  },
];

const WHYS_OF: Record<Trust, readonly Why[]> = {
  own: ["alone", "stated", "cares", "broke the glass"],
  member: ["alone", "stated", "cares", "broke the glass"],
  outside: ["broke the glass"],
};
const cells: Cell[] = ROLES.flatMap((role) =>
  (["own", "member", "outside"] as const).flatMap((trust) =>
    WHYS_OF[trust].map((why) => ({ role, trust, why })),
  ),
);

describe("role × trust × sensitivity: who reads a study", () => {
  let region: Region;
  let held: Held[];

  beforeAll(async () => {
    region = await Region.create();
    const uids = CLASSES.map(() => mintUid());
    const saids = CLASSES.map((_kind, index) =>
      rowan({ localNumber: `RXC-${index}`, nhs: "", given: `R${index}` }),
    );
    await region.send(
      "RXC",
      uids.map((study, index) => image({ of: saids[index] ?? rowan(), study })),
    );
    held = [];
    for (const [index, kind] of CLASSES.entries()) {
      const studyId = await studyIdOf(region, uids[index] ?? "");
      const [found] = await rows<Omit<Held, "kind" | "studyId">>(
        region,
        `SELECT s.patient_id::text AS "patientId", e.id::text AS "seriesId", i.id::text AS "instanceId"
         FROM study s JOIN series e ON e.study_id = s.id CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE s.id = $1::uuid`,
        studyId,
      );
      if (found) held.push({ kind, studyId, ...found });
      if (kind !== "ordinary")
        await Patient.markSensitive(systemCtx(region), {
          custodian: "RXC",
          localNumber: `RXC-${index}`,
          sensitivities: [kind],
        });
    }
    const related = cells.filter(({ why }) => why !== "alone");
    await rows(
      region,
      `INSERT INTO relationship (id, patient_id, person_id, organisation, kind, source, starts_at, ends_at)
       SELECT uuidv7(), p.id, who, 'RXC', kind, 'test', now() - interval '1 hour', now() + interval '1 day'
       FROM patient p, unnest($1::text[], $2::text[]) l(who, kind) RETURNING id::text`,
      related.map(({ role, trust, why }) => actorOf(role, trust, why).id),
      related.map(({ why }) => WHYS[why]),
    );
  });
  afterAll(() => region.stop());

  it("has every class of sensitivity", () => expect(held.map(({ kind }) => kind)).toEqual([...CLASSES]));

  it.each(cells)("$role, $trust trust, $why", async (cell) => {
    const ctx = region.ctxOf(actorOf(cell.role, cell.trust, cell.why));
    const [got, promised]: [string[], string[]] = [[], []];
    for (const one of held)
      for (const { name, absent, read } of READS) {
        const isPage = name === "timeline.read";
        promised.push(`${name} ${one.kind}: ${expected(cell, one.kind, { absent, isPage })}`);
        got.push(`${name} ${one.kind}: ${await codeOf(read(ctx, one))}`);
      }
    expect(got).toEqual(promised);
  });

  it("the page of somebody whose studies are private is the page of somebody without any", async () => {
    const ctx = region.ctxOf(actorOf("clinician", "member", "stated"));
    const pages = await Promise.all(
      held.map(({ patientId }) => Timeline.read(ctx, { patientId }).catch(() => undefined)),
    );
    const byKind = Object.fromEntries(held.map(({ kind }, index) => [kind, pages[index]]));
    expect(byKind.ordinary?.rows).toHaveLength(1);
    for (const kind of PRIVATE_TO_EXIST) expect(byKind[kind]).toMatchObject({ rows: [], withheld: [] });
  });

  it("where existence is private, the answer is that of an id that nobody has, word for word", async () => {
    const outside = region.ctxOf(actorOf("radiologist", "outside", "broke the glass"));
    const stated = region.ctxOf(actorOf("clinician", "member", "stated"));
    const absent = {
      kind: "none",
      patientId: crypto.randomUUID(),
      studyId: crypto.randomUUID(),
      seriesId: crypto.randomUUID(),
      instanceId: crypto.randomUUID(),
    };
    const saidBy = async (work: Promise<unknown>) => {
      const error = await work.catch((caught: unknown) => caught);
      return error instanceof Error && "kind" in error && "code" in error
        ? { kind: error.kind, code: error.code, message: error.message }
        : undefined;
    };
    const forensic = held.find(({ kind }) => kind === "forensic");
    for (const [ctx, there] of [
      [outside, held[0]],
      [stated, forensic],
    ] as const)
      for (const { name, read } of READS) {
        if (!there) throw new Error("nothing is held");
        if (ctx === stated && name === "timeline.read") continue;
        const said = await saidBy(read(ctx, there));
        expect(said).toMatchObject({ kind: "not_found" });
        expect(said).toEqual(await saidBy(read(ctx, absent)));
      }
  });

  it("a signed URL is made for an object of the opened study alone: another's comes back as gone", async () => {
    const ctx = region.ctxOf(actorOf("clinician", "member", "stated"));
    const [ordinary, sensitive] = held;
    if (!ordinary || !sensitive) throw new Error("nothing is held");
    const { objects } = await Study.signObjects(ctx, {
      studyId: ordinary.studyId,
      instanceIds: [sensitive.instanceId, ordinary.instanceId],
    });
    expect(objects).toMatchObject([
      { instanceId: sensitive.instanceId, gone: true },
      { url: expect.stringMatching(/^http/) },
    ]);
  });

  it("a statement of purpose opens an ordinary study for 24 hours, one with the S-flag masked, and never a sensitive one", async () => {
    const actor = actorOf("clinician", "member", "alone");
    const ctx = region.ctxOf(actor);
    for (const { patientId } of held)
      await Access.stateRelationship(ctx, { patientId, statement: "treating-now" });
    const later = (hours: number): Ctx => ({
      ...ctx,
      service: { ...ctx.service, now: () => new Date(Date.now() + hours * 3_600_000) },
    });
    for (const { kind, studyId } of held) {
      const closed = PRIVATE_TO_EXIST.includes(kind) ? "STUDY_NOT_FOUND" : "sensitive";
      const opens = kind === "ordinary" || kind === "s-flag" ? "done" : closed;
      expect(await codeOf(Study.open(ctx, { studyId }))).toBe(opens);
      expect(await codeOf(Study.open(later(23.9), { studyId }))).toBe(opens);
      expect(await codeOf(Study.open(later(24.1), { studyId }))).toBe(
        kind === "ordinary" ? "no-relationship" : closed,
      );
    }
  });
});
