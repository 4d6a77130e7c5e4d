import type { Actor } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import { ACTIVITIES_OF } from "@weald/dev-env/people";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { image, rowan, rows, studyIdOf, systemCtx } from "../../integration/sent.ts";

const ROLES = ["radiologist", "clinician", "radiographer", "pacs-manager", "privacy-officer"] as const;
const CLIENTS = {
  gateway: ["inbox.write"],
  system: ["studies.read"],
  regional: ["studies.read", "studies.read.region"],
} as const;
type Reader = (typeof ROLES)[number] | keyof typeof CLIENTS;
const READERS: readonly Reader[] = [...ROLES, "gateway", "system", "regional"];
/** The study is RXC's. `member` shares; `outside` has no agreement, and to it nothing exists. */
const TRUSTS = { own: "RXC", member: "RA2", outside: "RTP" } as const;
type Trust = keyof typeof TRUSTS;
const CLASSES = ["ordinary", ...Patient.SENSITIVITIES] as const;

/** Of an ordinary study, by the door. Written out, not worked out: this is the promise. */
const ORDINARY: Record<Reader, Record<"own" | "member", 200 | 403>> = {
  radiologist: { own: 200, member: 200 },
  clinician: { own: 403, member: 403 },
  radiographer: { own: 200, member: 403 },
  "pacs-manager": { own: 200, member: 403 },
  "privacy-officer": { own: 403, member: 403 },
  gateway: { own: 403, member: 403 },
  system: { own: 200, member: 403 },
  regional: { own: 200, member: 200 },
};

/** Of these not even the existence is told. */
const PRIVATE_TO_EXIST: readonly string[] = ["safeguarding", "sexual-health", "forensic"];

/** What is sensitive opens to its own trust's reporters; to others it is withheld, or as if absent. */
function expected(reader: Reader, trust: Trust, kind: string): number {
  if (trust === "outside") return 404;
  if (kind === "ordinary") return ORDINARY[reader][trust];
  if (trust === "own" && reader === "radiologist") return 200;
  return PRIVATE_TO_EXIST.includes(kind) ? 404 : 403;
}

function actorOf(reader: Reader, trust: Trust): Actor {
  const [id, organisation] = [`${reader}-${trust}`, TRUSTS[trust]];
  if (reader === "gateway" || reader === "system" || reader === "regional")
    return { kind: "client", id, organisation, scopes: [...CLIENTS[reader]] };
  return {
    kind: "person",
    id,
    roleId: `${id}-1`,
    role: reader,
    organisation,
    activities: ACTIVITIES_OF[reader],
  };
}

const CODES: Record<number, string> = { 200: "", 403: "RESTRICTED", 404: "NOT_FOUND" };
const AT_ONCE = 8;

type Held = { kind: string; study: string; series: string; sop: string };
/** Each resource of the door that gives something of a study. Another family of transactions adds its own lines. */
const RESOURCES: readonly ((held: Held) => string)[] = [
  ({ study }) => `/studies/${study}`,
  ({ study }) => `/RXC/studies/${study}`,
  ({ study, series }) => `/studies/${study}/series/${series}`,
  ({ study, series, sop }) => `/studies/${study}/series/${series}/instances/${sop}`,
  ({ study }) => `/studies/${study}/metadata`,
  ({ study, series, sop }) => `/studies/${study}/series/${series}/instances/${sop}/metadata`,
  ({ study, series, sop }) => `/studies/${study}/series/${series}/instances/${sop}/frames/1`,
  ({ study, series, sop }) => `/studies/${study}/series/${series}/instances/${sop}/bulkdata/7FE00010`,
  ({ study, series, sop }) => `/studies/${study}/series/${series}/instances/${sop}/rendered`,
  ({ study }) => `/studies/${study}/thumbnail`,
  ({ study }) => `/studies/${study}/rendered`,
];

describe("role × trust × sensitivity: who retrieves a study by DICOMweb", () => {
  let region: Region;
  const held: Held[] = CLASSES.map((kind) => ({ kind, study: mintUid(), series: mintUid(), sop: mintUid() }));
  beforeAll(async () => {
    region = await Region.create();
    await region.send(
      "RXC",
      held.map((one, index) =>
        image({ ...one, of: rowan({ localNumber: `RXC-${index}`, nhs: "", given: `R${index}` }) }),
      ),
    );
    for (const [index, kind] of CLASSES.entries())
      if (kind !== "ordinary")
        await Patient.markSensitive(systemCtx(region), {
          custodian: "RXC",
          localNumber: `RXC-${index}`,
          sensitivities: [kind],
        });
  });
  afterAll(() => region.stop());
  const get = async (actor: Actor, path: string) =>
    fetch(`${region.dicomwebUrl}${path}`, {
      headers: { authorization: `Bearer ${await region.tokenOf(region.ctxOf(actor))}` },
    });

  async function told(actor: Actor, { kind, path }: { kind: string; path: string }): Promise<string> {
    const answer = await get(actor, path);
    const body = await answer.text();
    return `${kind} ${path}: ${answer.status} ${answer.ok ? "" : JSON.parse(body).code}`;
  }

  it.each(
    READERS.flatMap((reader) => (["own", "member", "outside"] as const).map((trust) => ({ reader, trust }))),
  )("$reader, $trust trust", async ({ reader, trust }) => {
    const actor = actorOf(reader, trust);
    const cells = held.flatMap((one) => RESOURCES.map((pathOf) => ({ kind: one.kind, path: pathOf(one) })));
    const promised = cells.map(({ kind, path }) => {
      const status = expected(reader, trust, kind);
      return `${kind} ${path}: ${status} ${CODES[status]}`;
    });
    const got: string[] = [];
    for (let from = 0; from < cells.length; from += AT_ONCE)
      got.push(...(await Promise.all(cells.slice(from, from + AT_ONCE).map((cell) => told(actor, cell)))));
    expect(got).toEqual(promised);
  });

  it("what is hidden, what is another's without agreement and what nobody holds are told by the same answer, and by the same rows", async () => {
    const sensitive = held.find(({ kind }) => kind === "forensic");
    const seen: { status: number; headers: string[]; body: string }[] = [];
    const audits: unknown[] = [];
    for (const [actor, study] of [
      [actorOf("regional", "member"), sensitive?.study ?? ""],
      [actorOf("regional", "outside"), held[0]?.study ?? ""],
      [actorOf("regional", "member"), mintUid()],
    ] as const) {
      const before = await rows<{ n: number }>(region, "SELECT count(*)::int AS n FROM audit_event");
      const answer = await get(actor, `/studies/${study}`);
      const headers = [...answer.headers]
        .filter(([name]) => name !== "date")
        .map(([name, value]) => `${name}: ${value}`);
      seen.push({ status: answer.status, headers, body: await answer.text() });
      const after = await rows<{ n: number }>(region, "SELECT count(*)::int AS n FROM audit_event");
      audits.push((after[0]?.n ?? 0) - (before[0]?.n ?? 0));
    }
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(audits).toEqual([1, 1, 1]);
  });

  it("what is withheld says how to ask", async () => {
    const answer = await get(actorOf("system", "member"), `/studies/${held[0]?.study}`);
    expect(await answer.json()).toMatchObject({
      code: "RESTRICTED",
      message: expect.stringContaining("ask"),
    });
  });

  it("taking objects out and looking at headers and frames are on the record, each by its verb", async () => {
    const study = await studyIdOf(region, held[0]?.study ?? "");
    const verbs = await rows<{ action: string; verb: string; door: string }>(
      region,
      "SELECT DISTINCT action, verb, door FROM audit_event WHERE study_id = $1::uuid AND outcome = 'success' AND door = 'dicomweb' ORDER BY action",
      study,
    );
    expect(verbs).toEqual([
      { action: "study.retrieve", verb: "taken-out", door: "dicomweb" },
      { action: "study.retrieve-frames", verb: "fetched-ahead", door: "dicomweb" },
      { action: "study.retrieve-metadata", verb: "fetched-ahead", door: "dicomweb" },
    ]);
  });
});
