import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as Annotation from "@weald/core/annotation";
import * as Ingest from "@weald/core/ingest";
import { ACTIVITIES, type Actor, type Ctx, WealdError } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import * as Takeout from "@weald/core/takeout";
import * as Timeline from "@weald/core/timeline";
import { ACTIVITIES_OF } from "@weald/dev-env/people";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { seriesOf, slice } from "../packing/packed.ts";
import { image, report, rowan, rows, sendAll, systemCtx } from "../sent.ts";
import { kept, sectionOf, writeAnew } from "./table.ts";

/** The doors beside the portal's procedures: what each gives to whom, against a page that a person can read. */
const ROOT = path.resolve(import.meta.dirname, "../../..");
const LAMBDAS = path.join(ROOT, "apps/lambdas/src");
const CORE = path.join(ROOT, "packages/core/src");
const AT_ONCE = 8;
const NONE = "00000000-0000-7000-8000-000000000000";
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

type Held = { kind: string; study: string; series: string; sop: string; localNumber: string };
/** The last is of nobody: its UIDs are guessed. */
const KINDS = ["ordinary", "vip", "forensic", "absent"] as const;

const PEOPLE = [
  "radiologist",
  "clinician",
  "radiographer",
  "pacs-manager",
  "privacy-officer",
  "caldicott-guardian",
  "clinical-safety-officer",
  "outside-reporter",
] as const;
const CLIENTS = {
  gateway: ["inbox.write", "worklist.read", "procedure.write"],
  system: ["inbox.write", "studies.read"],
  "regional system": ["inbox.write", "studies.read", "studies.read.region"],
} as const;
const TRUSTS = { own: "RXC", other: "RA2", outside: "RTP" } as const;
type Asker = { name: string; actor: Actor };

const personOf = (role: (typeof PEOPLE)[number], trust: keyof typeof TRUSTS): Asker => ({
  name: `${role}, ${trust}`,
  actor: {
    ...{ kind: "person", id: `${role}-${trust}`, roleId: `${role}-${trust}-1`, role },
    ...{ organisation: TRUSTS[trust], activities: ACTIVITIES_OF[role] },
  },
});
const clientOf = (name: keyof typeof CLIENTS, trust: keyof typeof TRUSTS): Asker => ({
  name: `${name}, ${trust}`,
  actor: {
    ...{ kind: "client", id: `${name}-${trust}`.replace(" ", "-") },
    ...{ organisation: TRUSTS[trust], scopes: [...CLIENTS[name]] },
  },
});
const BOTH = ["own", "other"] as const;
const ASKERS: Asker[] = [
  ...PEOPLE.flatMap((role) => BOTH.map((trust) => personOf(role, trust))),
  ...BOTH.flatMap((trust) => [clientOf("gateway", trust), clientOf("system", trust)]),
  ...([...BOTH, "outside"] as const).map((trust) => clientOf("regional system", trust)),
];

type Address = { says: string; method: "GET" | "POST" | "OPTIONS" | "DELETE"; of(held: Held): string };
const ALL = "includefield=all";
const below = (parts: { series?: true; instance?: true }, { study, series, sop }: Held) =>
  `/studies/${study}${parts.series || parts.instance ? `/series/${series}` : ""}${parts.instance ? `/instances/${sop}` : ""}`;
const get = (says: string, of: Address["of"]): Address => ({ says, method: "GET", of });

/** What is asked of DICOMweb. A route, a resource of it, or one that the capabilities tell of, must be among them. */
const ADDRESSES: readonly Address[] = [
  { says: "OPTIONS /", method: "OPTIONS", of: () => "" },
  get("GET /", () => ""),
  get("GET /studies, by its UID", ({ study }) => `/studies?StudyInstanceUID=${study}&${ALL}`),
  get("GET /studies, by the number", ({ localNumber }) => `/studies?PatientID=${localNumber}&${ALL}`),
  get("GET /{trust}/studies", ({ study }) => `/RXC/studies?StudyInstanceUID=${study}&${ALL}`),
  get("GET /series, by its UID", ({ series }) => `/series?SeriesInstanceUID=${series}&${ALL}`),
  get("GET /studies/{study}/series", ({ study }) => `/studies/${study}/series?${ALL}`),
  get("GET /instances, by its UID", ({ sop }) => `/instances?SOPInstanceUID=${sop}&${ALL}`),
  get("GET /studies/{study}/instances", ({ study }) => `/studies/${study}/instances?${ALL}`),
  get("GET …/series/{series}/instances", (held) => `${below({ series: true }, held)}/instances?${ALL}`),
  ...(["Study", "Series", "Instance"] as const).flatMap((level) => {
    const parts =
      level === "Study" ? {} : level === "Series" ? { series: true as const } : { instance: true as const };
    return ["", "/metadata", "/rendered", "/thumbnail"].map((rest) =>
      get(`GET {${level.toLowerCase()}}${rest}`, (held) => `${below(parts, held)}${rest}`),
    );
  }),
  get("GET /{trust}{study}", (held) => `/RXC${below({}, held)}`),
  get("GET /{another trust}{study}", (held) => `/RA2${below({}, held)}`),
  ...["/frames/1", "/frames/1/rendered", "/frames/1/thumbnail", "/bulkdata/7FE00010"].map((rest) =>
    get(`GET {instance}${rest}`, (held) => `${below({ instance: true }, held)}${rest}`),
  ),
  { says: "POST /studies", method: "POST", of: () => "/studies" },
  { says: "POST /studies/{study}", method: "POST", of: (held) => below({}, held) },
  { says: "DELETE {study}", method: "DELETE", of: (held) => below({}, held) },
];

const WORDS: Record<string, string> = {
  RESTRICTED: "restricted",
  ACCESS_DENIED: "no",
  NOT_FOUND: "absent",
};
const AVAILABILITY = "00080056";
const Rows = z.array(z.record(z.string(), z.object({ Value: z.array(z.unknown()).optional() })));
const Refused = z.object({ code: z.string() });

type Told = { status: number; headers: string[]; body: string };

function cellOf({ method, of }: Address, held: Held, { status, body }: Told): string {
  if (status >= 400) {
    const refused = Refused.safeParse(body ? JSON.parse(body) : undefined);
    return refused.success ? (WORDS[refused.data.code] ?? refused.data.code) : `answered (${status})`;
  }
  const isSearch = method === "GET" && /\?/.test(of(held));
  if (!isSearch) return "yes";
  const found = Rows.parse(JSON.parse(body));
  if (found.length === 0) return "nothing";
  return found.some((row) => row[AVAILABILITY]?.Value?.includes("UNAVAILABLE")) ? "withheld" : "listed";
}

/** The answer without what was asked, which a hidden and an absent one differ in. */
const unnamed = ({ status, headers, body }: Told, held: Held): Told => {
  const names = [held.sop, held.series, held.study, held.localNumber];
  const strip = (text: string) =>
    names.reduce((left, name, index) => left.replaceAll(name, `#${index}`), text);
  return { status, headers: headers.map(strip), body: strip(body) };
};

let region: Region;
beforeAll(async () => {
  region = await Region.create();
});
afterAll(async () => {
  await region.stop();
  writeAnew();
});

describe("DICOMweb", () => {
  const helds: Held[] = KINDS.map((kind, index) => ({
    ...{ kind, study: mintUid(), series: mintUid(), sop: mintUid() },
    // All as long as each other.
    localNumber: `RXC-770${index}`,
  }));
  beforeAll(async () => {
    const sent = helds.filter(({ kind }) => kind !== "absent");
    await region.send(
      "RXC",
      sent.map(({ localNumber, ...held }) =>
        image({ ...held, of: rowan({ localNumber, nhs: "", given: held.kind }) }),
      ),
    );
    for (const { kind, localNumber } of sent)
      if (kind === "vip" || kind === "forensic")
        await Patient.markSensitive(systemCtx(region), {
          custodian: "RXC",
          localNumber,
          sensitivities: [kind],
        });
  });

  async function ask({ method, of }: Address, held: Held, token: string): Promise<Told> {
    const answer = await fetch(`${region.dicomwebUrl}${of(held)}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(method === "POST" ? { "content-type": "application/dicom" } : {}),
      },
      // Whoever may send learns that this is nothing: no image is taken in.
      ...(method === "POST" ? { body: Buffer.from("this is no DICOM object at all") } : {}),
    });
    const headers = [...answer.headers].flatMap(([name, value]) =>
      name === "date" ? [] : [`${name}: ${value}`],
    );
    return { status: answer.status, headers, body: await answer.text() };
  }

  it("has an address here for each route, each resource, and each that its capabilities tell of", async () => {
    const Routes = z.array(z.object({ method: z.string(), path: z.instanceof(RegExp) }));
    const { ROUTES } = await import(path.join(LAMBDAS, "dicomweb/routes.ts"));
    const { CAPABILITIES } = await import(path.join(LAMBDAS, "dicomweb/capabilities.ts"));
    const [held] = helds;
    if (!held) throw new Error("nothing is held");
    const paths = ADDRESSES.map(({ method, of }) => ({ method, at: of(held).split("?")[0] ?? "" }));
    const routes = Routes.parse(ROUTES);
    const routed = paths.map(({ method, at }) =>
      routes.findIndex((route) => route.method === method && route.path.test(at)),
    );
    expect(routes.map((_, index) => index).filter((index) => !routed.includes(index))).toEqual([]);

    const resources = [...read("apps/lambdas/src/dicomweb/retrieve.ts").matchAll(/rest: \/(.+)\/, answer/g)];
    expect(resources.length).toBeGreaterThan(4);
    const rests = paths.map(({ at }) =>
      at.replace(/^(?:\/RXC)?\/studies\/[\d.]+(?:\/series\/[\d.]+(?:\/instances\/[\d.]+)?)?\/?/, ""),
    );
    for (const [, rest = ""] of resources) expect(rests.some((one) => new RegExp(rest).test(one))).toBe(true);

    const shapeOf = (at: string) =>
      at
        .replaceAll(/[\d.]{10,}/g, "{}")
        .replace(/frames\/1/, "frames/{}")
        .replace(/bulkdata\/\w+/, "bulkdata/{}");
    const shapes = paths.map(({ method, at }) => `${method} ${shapeOf(at)}`);
    const Told = z.array(z.object({ method: z.string(), path: z.string() }));
    for (const { method, path: at } of Told.parse(CAPABILITIES))
      expect(shapes).toContain(`${method} ${at.replaceAll(/\{\w+\}/g, "{}")}`);
  });

  it("gives to each what the page says, and what is hidden is told exactly as what nobody holds", async () => {
    const tokens = await Promise.all(ASKERS.map(({ actor }) => region.tokenOf(region.ctxOf(actor))));
    const lines: string[][] = [];
    const differing: string[] = [];
    for (const address of ADDRESSES) {
      const cells = helds.flatMap((held) => tokens.map((token, asker) => ({ held, token, asker })));
      const told: Told[] = [];
      for (let from = 0; from < cells.length; from += AT_ONCE)
        told.push(
          ...(await Promise.all(
            cells.slice(from, from + AT_ONCE).map(({ held, token }) => ask(address, held, token)),
          )),
        );
      for (const [index, held] of helds.entries()) {
        const row = told.slice(index * ASKERS.length, (index + 1) * ASKERS.length);
        const shown = row.map((one) => cellOf(address, held, one));
        if (address.of(held) !== address.of({ ...held, study: "x", series: "x", sop: "x", localNumber: "x" }))
          lines.push([address.says, held.kind, ...shown]);
        else if (index === 0) lines.push([address.says, "", ...shown]);
        if (held.kind !== "forensic") continue;
        for (const [asker, cell] of shown.entries()) {
          const [here, nowhere] = [row[asker], told[3 * ASKERS.length + asker]];
          const nobody = helds[3];
          if (!here || !nowhere || !nobody || cell === "yes" || cell === "listed") continue;
          if (JSON.stringify(unnamed(here, held)) !== JSON.stringify(unnamed(nowhere, nobody)))
            differing.push(`${address.says}, ${ASKERS[asker]?.name}`);
        }
      }
    }
    expect(differing).toEqual([]);
    const words = [
      "Every route of `/dicomweb`, asked with a token of each kind, of a study of RXC whose patient is ordinary, marked VIP (withheld),",
      "marked forensic (hidden), or of UIDs that were guessed; searches with `includefield=all`. A hidden study is told exactly as an absent",
      "one: same status, headers and body. `own`: of the trust that holds it; `other`: of another member; `outside`: of a partner without an agreement.",
    ];
    const found = sectionOf(words, ["Route", "Patient", ...ASKERS.map(({ name }) => name)], lines);
    expect(found).toEqual(kept("DICOMweb", found));
  }, 300_000);
});

type Signed = { url: string; method: "GET" | "PUT"; headers: Record<string, string>; body?: string };

describe("signed URLs", () => {
  let signers: Record<string, { file: string; sign(): Promise<Signed> }>;
  const content = "x".repeat(64);

  beforeAll(async () => {
    const [manager, radiologist] = [region.as("tom.reyes"), region.as("amara.okafor")];
    const shot = { study: mintUid(), series: mintUid(), sop: mintUid(), accession: "S1" };
    await sendAll(region, "RXC", image(shot));
    await sendAll(region, "RXC", image({ ...shot, sop: mintUid(), number: 2 }));
    await sendAll(region, "RXC", image({ ...shot, grey: 9 }));
    await sendAll(
      region,
      "RXC",
      report({ accession: "S1", id: "S1", at: "20261101120000", status: "F", text: "Clear." }),
    );
    const masked = { study: mintUid(), sop: mintUid() };
    const flaggedNumber = "SIGNED-FLAG";
    await sendAll(
      region,
      "RA2",
      image({ ...masked, of: rowan({ localNumber: flaggedNumber, family: "Signed", nhs: "" }) }),
    );
    await Patient.markSensitive(systemCtx(region), {
      custodian: "RA2",
      localNumber: flaggedNumber,
      sensitivities: ["s-flag"],
    });
    await region.cloud.tick("DrawPictures");
    const whole = { study: mintUid(), series: mintUid() };
    const packedNumber = rowan({ localNumber: "SIGNED-PACK", family: "Packed", nhs: "" });
    await sendAll(region, "RXC", slice({ ...whole, of: packedNumber, number: 1 }));
    await region.drain();
    await region.cloud.tick("PackSeries");
    const heldAs = (sop: string) =>
      rows<Record<"studyId" | "instanceId", string>>(
        region,
        `SELECT e.study_id::text AS "studyId", i.id::text AS "instanceId"
         FROM series e JOIN instance i ON i.series_id = e.id WHERE i.sop_instance_uid = $1`,
        sop,
      );
    const [flagged] = await heldAs(masked.sop);
    const [of] = await rows<
      Record<"studyId" | "recordId" | "instanceId" | "quarantineId" | "seriesId" | "patientId", string>
    >(
      region,
      `SELECT s.id::text AS "studyId", s.patient_record_id::text AS "recordId", i.id::text AS "instanceId",
         e.id::text AS "seriesId", s.patient_id::text AS "patientId",
         (SELECT id::text FROM quarantine_item WHERE code = 'UID_CONFLICT') AS "quarantineId"
       FROM study s JOIN series e ON e.study_id = s.id JOIN instance i ON i.series_id = e.id WHERE i.sop_instance_uid = $1`,
      shot.sop,
    );
    if (!of || !flagged) throw new Error("nothing is held");
    const { studyId, recordId, instanceId, quarantineId, seriesId, patientId } = of;
    const { studyId: flaggedStudy } = flagged;
    const whose = { kind: "trust" as const };
    const gotten = (url: string | undefined): Signed => ({ url: url ?? "", method: "GET", headers: {} });
    const urlIn = (objects: readonly object[]) => {
      const [first] = objects;
      return gotten(first && "url" in first && typeof first.url === "string" ? first.url : undefined);
    };
    const files = [{ ref: "a", sizeBytes: content.length, kind: "dicom" as const }];
    const put = ([item]: readonly Ingest.SignedItem[]): Signed => ({
      url: item?.put.url ?? "",
      method: "PUT",
      headers: { ...item?.put.headers },
      body: content,
    });
    signers = {
      "an original, to read": {
        file: "study/sign-originals.ts",
        sign: async () =>
          urlIn((await Study.signObjects(radiologist, { studyId, instanceIds: [instanceId] })).objects),
      },
      "a pack, to read frames of": {
        file: "study/sign-packs.ts",
        async sign() {
          const held = await seriesOf(region, whole.series);
          const [first] = (await Study.readSeries(radiologist, { seriesId: held.seriesId })).instances;
          const packIds = [first?.packed?.packId ?? ""];
          const asked = { studyId: held.studyId, instanceIds: [], packIds };
          return urlIn((await Study.signObjects(radiologist, asked)).packs);
        },
      },
      "a copy without the site": {
        file: "study/share-frames.ts",
        sign: async () =>
          urlIn(
            (
              await Study.signObjects(radiologist, {
                studyId: flaggedStudy,
                instanceIds: [flagged.instanceId],
              })
            ).objects,
          ),
      },
      "a small picture": {
        file: "timeline/sign-pictures.ts",
        sign: async () =>
          urlIn((await Timeline.signPictures(radiologist, { patientId, seriesIds: [seriesId] })).pictures),
      },
      "a reader's own objects": {
        file: "annotation/begin-export.ts",
        async sign() {
          const asked = { studyId, files };
          return put((await Annotation.beginExport(radiologist, asked)).items);
        },
      },
      "an object, taken out": {
        file: "takeout/sign-study.ts",
        sign: async () => urlIn((await Takeout.signStudy(manager, { whose, recordId, studyId })).objects),
      },
      "a file of a study, taken out by its reader": {
        file: "study/served-files.ts",
        sign: async () => urlIn((await Takeout.signFiles(radiologist, { studyId })).files),
      },
      "a report's message, taken out": {
        file: "takeout/sign-messages.ts",
        sign: async () => urlIn(await Takeout.signMessages(manager, { whose, recordId })),
      },
      "an object in conflict": {
        file: "ingest/sign-quarantined.ts",
        sign: async () => urlIn((await Ingest.signQuarantined(manager, { quarantineId })).objects),
      },
      "an upload of the portal or a gateway": {
        file: "ingest/sign-items.ts",
        async sign() {
          const { uploadId } = await Ingest.beginUpload(region.gateway("RXC"), { door: "send" });
          return put((await Ingest.signItems(region.gateway("RXC"), { uploadId, files })).items);
        },
      },
      "an upload of STOW-RS": {
        file: "ingest/begin-and-sign.ts",
        sign: async () =>
          put((await Ingest.beginAndSign(region.gateway("RXC"), { door: "dicomweb", files })).items),
      },
    };
  }, 120_000);

  it("has a line here for each file of the core that signs one", () => {
    const signing = readdirSync(CORE, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.startsWith("ports/"))
      .filter((file) => /\bsign(?:Get|Put|Puts)\(/.test(readFileSync(path.join(CORE, file), "utf8")));
    expect(signing.sort()).toEqual(
      Object.values(signers)
        .map(({ file }) => file)
        .sort(),
    );
  });

  const answerOf = async ({ url, method, headers, body }: Signed) => {
    const { status, ok } = await fetch(url, { method, headers, ...(body ? { body } : {}) });
    return ok ? "yes" : `refused (${status})`;
  };
  const changed = (signed: Signed, change: (url: URL) => void): Signed => {
    const url = new URL(signed.url);
    change(url);
    return { ...signed, url: String(url) };
  };
  async function later(signed: Signed): Promise<string> {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * 3_600_000 });
    try {
      return await answerOf(signed);
    } finally {
      vi.useRealTimers();
    }
  }
  const byAnotherMethod = (signed: Signed): Signed =>
    signed.method === "GET"
      ? { url: signed.url, method: "PUT", headers: {}, body: content }
      : { url: signed.url, method: "GET", headers: {} };
  const flipped = (text: string) => `${text.slice(0, -2)}${text.endsWith("00") ? "11" : "00"}`;
  const alter = (name: RegExp, to: (value: string) => string) => (url: URL) => {
    for (const [key, value] of url.searchParams) if (name.test(key)) url.searchParams.set(key, to(value));
  };

  it("count once each for what they were signed for: not after their life, not altered, not for another object", async () => {
    const others = await Promise.all(Object.values(signers).map(({ sign }) => sign()));
    const lines: string[][] = [];
    for (const [says, { sign }] of Object.entries(signers)) {
      const signed = await sign();
      const another = others.find(({ url }) => new URL(url).pathname !== new URL(signed.url).pathname);
      const elsewhere = new URL(another?.url ?? signed.url).pathname;
      lines.push([
        says,
        await later(signed),
        await answerOf(changed(signed, alter(/^s$/, flipped))),
        await answerOf(
          changed(
            signed,
            alter(/^e$/, (value) => String(Number(value) + 3600)),
          ),
        ),
        await answerOf(changed(signed, (url) => Object.assign(url, { pathname: elsewhere }))),
        await answerOf(
          changed(
            signed,
            alter(/^t$/, () => "text/html"),
          ),
        ),
        await answerOf(byAnotherMethod(signed)),
        await answerOf(changed(signed, (url) => Object.assign(url, { search: "" }))),
        await answerOf(signed),
      ]);
    }
    const heads = [
      "What is signed",
      "after its life",
      "signature altered",
      "life made longer",
      "for another object",
      "as another type",
      "by another method",
      "without its signature",
      "as signed",
    ];
    const words = ["Every URL that the core signs, used as it was not meant, and last as it was."];
    const found = sectionOf(words, heads, lines);
    expect(found).toEqual(kept("Signed URLs", found));
  });
});

const Manifest = z.object({
  functions: z.record(z.string(), z.object({ handler: z.string() })),
  subscriptions: z.array(z.object({ queue: z.string(), function: z.string() })),
  urls: z.array(z.object({ function: z.string(), path: z.string() })),
  schedules: z.array(z.object({ name: z.string(), expression: z.string(), function: z.string() })),
});

/** Something that each action of a function takes. One of a function that is new must be given a line. */
const ASKED: Record<string, unknown> = {
  "audit.merge-spool": { after: "" },
  "audit.presume-displayed": {},
  "audit.relay-outbox": {},
  "audit.seal-rows": {},
  "audit.verify-seals": {},
  "consent.keep-proxies": {},
  "consent.send-messages": {},
  "identity.end-by-logout-token": { jti: "j", sub: "s" },
  "ingest.accept-objects": { keys: [] },
  "ingest.sweep-inbox": {},
  "ingest.let-go-of-outcomes": {},
  "mdt.hear-change": { studyId: NONE },
  "mdt.record-readiness": {},
  "mdt.tell-asked": {},
  "room.hear-study": { studyId: NONE },
  "message.accept-messages": { keys: [] },
  "message.hold-aside": { messageId: NONE },
  "message.recheck-record": { recordId: NONE },
  "message.recheck-study": { studyId: NONE },
  "operations.tally-arrivals": {},
  "packing.fold-next": {},
  "packing.mark-due": { seriesId: NONE },
  "packing.pack-next": {},
  "review.flag-unusual": {},
  "study.draw-pictures": {},
  "study.settle": {},
  "study.sweep-shares": { after: "" },
};

type AnyAction = ((ctx: Ctx, input: unknown) => Promise<unknown>) & { actionName: string };
const isAction = (value: unknown): value is AnyAction => typeof value === "function" && "actionName" in value;

/** A handler and the files beside it that it is made of. */
function sourcesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const source = readFileSync(file, "utf8");
  const beside = [...source.matchAll(/from "(\.[^"]+)"/g)].map(([, at = ""]) =>
    path.resolve(path.dirname(file), at),
  );
  return [source, ...beside.flatMap((one) => sourcesOf(one, seen))];
}

async function actionsIn(source: string): Promise<AnyAction[]> {
  const found: AnyAction[] = [];
  for (const [, name = "", domain = ""] of source.matchAll(
    /import \* as (\w+) from "@weald\/core\/(\w+)"/g,
  )) {
    const exported = new Map(Object.entries({ ...(await import(path.join(CORE, domain, "index.ts"))) }));
    for (const [, called = ""] of source.matchAll(new RegExp(`\\b${name}\\.(\\w+)\\b`, "g"))) {
      const value = exported.get(called);
      if (isAction(value)) found.push(value);
    }
  }
  return [...new Set(found)];
}

describe("our own functions", () => {
  const manifest = Manifest.parse(JSON.parse(read("infra/manifest.json")));

  /** Somebody with every activity, and a client with every scope, both of a trust of the region. */
  const mighty: Record<string, Actor> = {
    person: {
      ...{ kind: "person", id: "p-all", roleId: "p-all-1", role: "pacs-manager", organisation: "RXC" },
      activities: [...ACTIVITIES],
    },
    client: {
      ...{ kind: "client", id: "c-all", organisation: "RXC" },
      scopes: [
        "inbox.write",
        "studies.read",
        "studies.read.region",
        "worklist.read",
        "procedure.write",
        "edge.cache",
      ],
    },
  };
  async function answerOf(action: AnyAction, actor: Actor): Promise<string> {
    const { actionName } = action;
    if (!(actionName in ASKED)) throw new Error(`${actionName} has no line here`);
    try {
      await action(region.ctxOf(actor), ASKED[actionName]);
      return "yes";
    } catch (error) {
      if (!(error instanceof WealdError)) throw error;
      return "reason" in error ? String(error.reason) : error.code;
    }
  }

  const reachedBy = (name: string) =>
    [
      ...manifest.schedules.filter((one) => one.function === name).map(({ expression }) => expression),
      ...manifest.subscriptions.filter((one) => one.function === name).map(({ queue }) => `queue ${queue}`),
      ...manifest.urls.filter((one) => one.function === name).map(({ path: at }) => `URL ${at}`),
    ].join(", ") || "other functions";

  const OWNER = "the tables' owner";
  /** As whom a function acts, as its source has it. */
  const actsAs = (source: string) => {
    if (source.includes("migrateLinkedDatabase(")) return OWNER;
    if (source.includes("bearerCtx(")) return "whoever's token it brings";
    return source.includes("systemCtx(") ? "itself" : "nobody: it has no database";
  };

  it("do what nobody else may: each action of theirs refuses a person with every activity and a client with every scope", async () => {
    const lines: string[][] = [];
    const asked = new Set<string>();
    for (const [name, { handler }] of Object.entries(manifest.functions)) {
      const sources = sourcesOf(path.join(ROOT, `${handler.replace(/\.handler$/, "")}.ts`));
      const as = actsAs(sources.join("\n"));
      const actions = as === "itself" ? (await Promise.all(sources.map(actionsIn))).flat() : [];
      if (as === "itself") expect([name, actions.length > 0]).toEqual([name, true]);
      // No event reaches it: a deployment asks it (docs/adr/0037).
      if (as === OWNER) lines.push([name, "each deployment", as, "none: it migrates", "", ""]);
      else if (actions.length === 0) lines.push([name, reachedBy(name), as, "its door's rows above", "", ""]);
      for (const action of actions) {
        asked.add(action.actionName);
        const cells = [];
        for (const actor of Object.values(mighty)) cells.push(await answerOf(action, actor));
        lines.push([name, reachedBy(name), as, action.actionName, ...cells]);
      }
    }
    expect([...asked].sort()).toEqual(Object.keys(ASKED).sort());
    const refusals = lines.filter(([, , as]) => as === "itself").flatMap((line) => line.slice(4));
    expect(new Set(refusals)).toEqual(new Set(["system-only"]));
    const words = [
      "Every function of `infra/manifest.json`: what reaches it, as whom it acts, and what each action of its own answers to a person with",
      "every activity and to a client with every scope.",
    ];
    const found = sectionOf(
      words,
      ["Function", "Reached by", "Acts as", "Action", ...Object.keys(mighty)],
      lines,
    );
    expect(found).toEqual(kept("Functions", found));
  });

  it("answer at no address but the two that the manifest names", async () => {
    const base = new URL(region.dicomwebUrl).origin;
    for (const name of Object.keys(manifest.functions))
      for (const at of [`/${name}`, `/2015-03-31/functions/${name}/invocations`]) {
        const { status } = await fetch(`${base}${at}`, { method: "POST", body: "{}" });
        expect([at, status]).toEqual([at, 404]);
      }
    expect(manifest.urls.map(({ path: at }) => at).sort()).toEqual([
      "/dicomweb",
      "/identity/back-channel-logout",
    ]);
  });
});
