import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Actor, Ctx } from "@weald/core/kernel";
import { build } from "esbuild";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { ROOT } from "../runner/run-command.ts";

// Next resolves it to nothing on the server; here it would throw.
vi.mock("../../apps/web/node_modules/server-only/index.js", () => ({}));

const CORE = path.join(ROOT, "packages/core/src");
const LAMBDAS = path.join(ROOT, "apps/lambdas/src");
const WEB = path.join(ROOT, "apps/web/src");

/** Actions whose success leaves no audit row, each with why it is content-free. A new one must be argued for here. */
const WITHOUT_AUDIT: Record<string, string> = {
  "audit.seal-rows": "hashes of rows that are there already; a seal is itself a record",
  "audit.verify-seals": "compares hashes; what it finds is kept in a table of its own",
  "audit.merge-spool": "brings in rows of the audit itself",
  "audit.presume-displayed": "writes rows of the audit itself, of what was fetched",
  "review.flag-unusual": "judges rows of the audit that are there already; a flag is itself a record",
  "review.read-seals": "counts of the audit's seals, and ids of rows that don't hold",
  "audit.relay-outbox":
    "moves ids from the outbox to a queue; what they tell of was audited when it was written",
  "operations.tell-gateway": "how many things wait at a gateway, each minute; nothing of a patient",
  "operations.tally-arrivals":
    "counts by the hour of what was taken in, by our own timer; the taking in is audited",
  "referral.count": "how many referrals wait for the asker: two numbers",
  "consent.find-session":
    "which link a cookie is of, at each request of its page; what is then read is audited",
  "consent.send-messages":
    "ids of messages that are due, each minute; each that goes or fails is on the record",
  "organisation.list": "the names of the region's trusts, the same for everyone",
  "ingest.read-outcomes":
    "outcome codes of the sender's own files, asked again and again; the taking in is audited",
  "annotation.read-export":
    "outcome codes of what the asker made of a study, asked again and again; the taking in is audited",
  "ingest.let-go-of-outcomes":
    "our own timer forgets what senders were told three months ago; nobody looks at anything",
  "ingest.sweep-inbox": "drives keys again; the taking in is audited",
  "study.sweep-shares": "takes away copies that can be made again; each grant of one is audited",
  "message.hold-aside":
    "copies bytes to where a message waits for a person already; its putting aside is audited",
  "study.settle": "judges counts of series that are there already; nobody looks at anything",
  "study.draw-pictures":
    "our own timer draws small pictures of what is held already; whoever is given one is on the record",
  "packing.fold-next": "our own timer moves rows into blocks that say the same; nobody looks at anything",
  "packing.mark-due": "our own timer's list of settled series; nobody looks at anything",
  "packing.pack-next":
    "our own timer packs frames of what is held already, without a change to what is served; whoever reads them is on the record",
  "study.is-current": "one bit, a time and a word of a study whose id the asker has, every few seconds",
  "correction.list-notices":
    "ids and times of corrections of what this person opened, on every page; reading one is acknowledged and audited",
  "preference.read-viewer": "one's own layouts and keys, at each opening; nothing of a patient",
  "mdt.has-changed": "one bit, of meetings whose ids the asker has, every few seconds",
  "mdt.list-ahead":
    "names and times of the asker's own meetings, where a patient is to be listed; nothing of a patient",
  "mdt.record-readiness": "colours and ids of cases, by our own timer; what it keeps is itself a record",
  "mdt.tell-asked":
    "ids of people who are to be told of what they are asked, each minute; each message is on the record",
  "room.count-actions": "how many actions wait for the asker: two numbers",
  "room.follow":
    "the id of the case that is presented, every second or two; each change of it, and the case itself, are audited",
  "worklist.has-changed": "one bit, of nobody, every few seconds",
  "annotation.note-reading":
    "that one reads a study whose opening is on the record, every 20 seconds; and which colleagues do: nothing of a patient",
  "annotation.keep-bookmark":
    "where one stands in a study whose opening is on the record, every few seconds; one's own alone",
  "annotation.read-bookmark": "the same, at the opening that is on the record itself",
  "worklist.list-news":
    "kinds of what came to studies that one opened, by ids that the asker's own list has, every minute",
  "worklist.who-reads": "names of colleagues beside ids that the asker's own list has, every few seconds",
  "access.count-glass": "a number of accesses that wait, asked every few seconds by who reviews them",
  "access.list-own-glass":
    "one's own open accesses, each on the record since it was broken; asked by every page",
  "identity.read-session":
    "how one's own session stands, every few seconds; its begin, lock and end are audited",
  "identity.touch-session": "that one's own page is in use, each minute",
};

/** Actions that answer also where the session is locked or over, each with why nobody reads anything by it. */
const IN_ANY_SESSION: Record<string, string> = {
  "identity.end-session": "ends it",
  "identity.read-session": "says that it is locked or over, and why",
};

/** Actions that a patient may ask by a session of their link: what the link shows, and what is theirs to do with it. */
const FOR_PATIENTS = [
  "consent.ask-about",
  "consent.close-mine",
  "consent.end-mine",
  "consent.not-me",
  "consent.pass-on",
  "consent.read-mine",
  "consent.read-receipts",
  "consent.see-report",
  "consent.see-series",
  "consent.sign-files",
  "consent.sign-images",
  "consent.sign-pictures",
];
/** What a meeting's display may ask (clinical page §6), each with what of its list it shows. Everything else is refused it. */
const ON_DISPLAY: Record<string, string> = {
  "identity.end-session": "leaves the display",
  "identity.read-session": "whether it is over",
  "identity.touch-session": "that it is in use",
  "organisation.list": "the names of the region's trusts",
  "room.list-cases": "the list",
  "room.follow": "which case is presented",
  "room.read-case": "a case of it",
  "room.read-ahead": "what the next case shows first",
  "room.keep-case": "a case of it, for when the network is lost",
  "room.note-look": "puts on record what it showed without the network",
  "timeline.priors": "earlier studies of a patient of it",
  "timeline.sign-pictures": "small pictures of a patient of it",
  "study.open": "a study of a patient of it",
  "study.read-series": "a study of a patient of it",
  "study.sign-objects": "a study of a patient of it",
  "study.report-displayed": "puts on record what it displayed",
  "study.is-current": "whether that study was corrected",
  "reporting.read": "the report of a study of a patient of it",
  "preference.read-viewer": "how its person's viewer is laid out",
  "annotation.open-view": "a prepared view of a patient of it",
  "annotation.list-marks": "marks on a study of a patient of it",
};

/** Next's route files and what stands before what they answer. A new file must be argued for here. */
const ROUTE_FILES: Record<string, string> = {
  "api/auth/[...nextauth]/route.ts": "signing in itself: the identity provider's protocol, no data of Weald",
  "api/mine/[trpc]/route.ts":
    "a patient's link: what comes before its session is one uniform answer, and the rest wants its cookie",
  "api/health/route.ts": "that the portal answers, nothing of the region",
  "api/sign-out/route.ts": "ends the session of its cookie",
  "api/trpc/[trpc]/route.ts": "the procedures below, each of which wants an actor",
};

/** Pages outside `(clinical)`, whose layout sends everyone without a session to sign in. */
const OPEN_PAGES: Record<string, string> = {
  "(patient)/link/images/page.tsx": "by the cookie of a patient's link, or back to where one opens it",
  "(patient)/link/looks/page.tsx": "by the cookie of a patient's link, or back to where one opens it",
  "(patient)/link/page.tsx": "the same for every link: what is in it never reaches the server by itself",
  "(patient)/link/pass-on/page.tsx": "by the cookie of a patient's link, or back to where one opens it",
  "page.tsx": "sends on to the list",
  "sign-in/again/page.tsx": "signing in beside a page that waits",
  "sign-in/done/page.tsx": "tells the pages that wait, and holds nothing",
  "sign-in/page.tsx": "signing in",
};

const filesBelow = (folder: string, wanted: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => wanted.test(file))
    .sort();

type Case = { says: string; actor: Actor; facts: unknown; expect: string };
type Policy = {
  name: string;
  decide(actor: Actor, facts: unknown): { allowed: true } | { allowed: false; reason: string };
  cases: readonly Case[];
};

const isFunction = (value: unknown): value is (...args: never[]) => unknown => typeof value === "function";
const isPolicy = (value: unknown): value is Policy =>
  value instanceof Object &&
  "decide" in value &&
  isFunction(value.decide) &&
  "name" in value &&
  "cases" in value;

type AnyAction = ((ctx: Ctx, input: unknown) => Promise<unknown>) & {
  actionName?: unknown;
  policy?: unknown;
  audit?: unknown;
  input?: unknown;
};
const isAction = (value: unknown): value is AnyAction => isFunction(value) && "actionName" in value;

const AuditSpec = z.union([
  z.object({ how: z.literal("none") }),
  z.object({ how: z.enum(["each", "coalesced"]), verb: z.string().min(1) }),
]);

/** What an action lacks, in words; nothing where it may stand. */
function faultsOf(action: AnyAction, listed: Record<string, string> = WITHOUT_AUDIT): string[] {
  const name = String(action.actionName);
  const audit = AuditSpec.safeParse(action.audit);
  return [
    ...(/^[a-z-]+\.[a-z-]+$/.test(name) ? [] : ["no name"]),
    ...(action.input instanceof z.ZodType ? [] : ["no schema of its input"]),
    ...(isPolicy(action.policy) ? policyFaults(action.policy) : ["no policy"]),
    ...(audit.success ? [] : ["no audit event"]),
    ...(audit.success && audit.data.how === "none" && !listed[name]
      ? ["audit none, and not listed with a reason"]
      : []),
  ];
}

function policyFaults({ name, cases }: Policy): string[] {
  const expected = cases.map((one) => one.expect);
  return [
    ...(expected.includes("allow") ? [] : [`policy ${name} has no case that is allowed`]),
    ...(expected.some((one) => one !== "allow") ? [] : [`policy ${name} has no case that is refused`]),
  ];
}

const decided = ({ decide }: Policy, { actor, facts }: Case): string => {
  const decision = decide(actor, facts);
  return decision.allowed ? "allow" : decision.reason;
};

const load = async (file: string): Promise<Record<string, unknown>> =>
  z.record(z.string(), z.unknown()).parse({ ...(await import(file)) });

const domains = filesBelow(CORE, /^[^/]+\/index\.ts$/)
  .map((file) => path.dirname(file))
  .filter((domain) => !["kernel", "ports"].includes(domain));

async function exportedActions(): Promise<{ domain: string; name: string; action: AnyAction }[]> {
  const all = [];
  for (const domain of domains)
    for (const [name, value] of Object.entries(await load(path.join(CORE, domain, "index.ts"))))
      if (isAction(value)) all.push({ domain, name, action: value });
  return all;
}

async function writtenPolicies(): Promise<{ file: string; policy: Policy }[]> {
  const all = [];
  for (const file of filesBelow(CORE, /^[^/]+\/[^/]+\.ts$/).filter((one) => !one.includes(".test.")))
    if (readFileSync(path.join(CORE, file), "utf8").includes("definePolicy"))
      for (const value of Object.values(await load(path.join(CORE, file))))
        if (isPolicy(value)) all.push({ file, policy: value });
  return all;
}

const actions = await exportedActions();
const policies = await writtenPolicies();

describe("every exported action", () => {
  it("is found: the domains' front doors were really opened", () => {
    expect(domains.length).toBeGreaterThanOrEqual(9);
    expect(actions.length).toBeGreaterThanOrEqual(24);
  });
  it.each(actions)(
    "$domain.$name has a name, a schema, a policy with cases and an audit event",
    ({ action }) => expect(faultsOf(action)).toEqual([]),
  );
  it("has a name of its own, in its own domain", () => {
    const names = actions.map(({ action }) => String(action.actionName));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(
      actions.filter(({ domain, action }) => !String(action.actionName).startsWith(`${domain}.`)),
    ).toEqual([]);
  });
  it("that leaves no audit row is on the list, and the list names no other", () => {
    const silent = actions
      .filter(({ action }) => AuditSpec.parse(action.audit).how === "none")
      .map(({ action }) => String(action.actionName));
    expect(silent.sort()).toEqual(Object.keys(WITHOUT_AUDIT).sort());
  });
  it("is refused in a session that is locked or over, but for those on the list", () => {
    const open = actions
      .filter(({ action }) => Reflect.get(action, "session") === "in-any-session")
      .map(({ action }) => String(action.actionName));
    expect(open.sort()).toEqual(Object.keys(IN_ANY_SESSION).sort());
  });
  it("admits patients only where it is on the list: every other refuses them before it loads anything", () => {
    const admitting = actions
      .filter(({ action }) => Reflect.get(action, "admits") === "patients")
      .map(({ action }) => String(action.actionName));
    expect(admitting.sort()).toEqual(FOR_PATIENTS);
    expect(admitting.filter((name) => !name.startsWith("consent."))).toEqual([]);
  });
  it("is refused a meeting's display, but for those on the list", () => {
    const shown = actions
      .filter(({ action }) => Reflect.get(action, "display") === "of-its-list")
      .map(({ action }) => String(action.actionName));
    expect(shown.sort()).toEqual(Object.keys(ON_DISPLAY).sort());
  });
  it("has a policy that is written beside its domain, and no policy is without an action", () => {
    const used = new Set(actions.map(({ action }) => (isPolicy(action.policy) ? action.policy.name : "")));
    const written = new Set(policies.map(({ policy }) => policy.name));
    expect([...used].filter((name) => !written.has(name))).toEqual([]);
    // `access.read` is what the reading policies of study, reporting and worklist are made of.
    expect([...written].filter((name) => !used.has(name))).toEqual(["access.read", "access.read-masked"]);
  });
});

const rows = policies.flatMap(({ policy }) =>
  policy.cases.map((one) => ({ policy, one, name: policy.name, ...one })),
);

describe("every policy", () => {
  it("is found", () => {
    expect(policies.length).toBeGreaterThanOrEqual(15);
    expect(new Set(policies.map(({ policy }) => policy.name)).size).toBe(policies.length);
  });
  it.each(rows)("$name: $says → $expect", ({ policy, one }) => expect(decided(policy, one)).toBe(one.expect));
});

describe("this check", () => {
  const whole = Object.assign(async () => undefined, {
    actionName: "study.planted",
    input: z.object({}),
    policy: {
      name: "planted",
      decide: () => ({ allowed: true as const }),
      cases: [
        { says: "a", actor: { kind: "system", id: "x" }, facts: null, expect: "allow" },
        { says: "b", actor: { kind: "system", id: "x" }, facts: null, expect: "no" },
      ],
    },
    audit: { how: "each", verb: "opened" },
  });
  // A bound copy: what is planted in one doesn't stand in the other.
  const planted = (more: object) => Object.assign(whole.bind(undefined), whole, more);
  const onlyAllowed = { ...whole.policy, cases: whole.policy.cases.slice(0, 1) };
  it("lets a whole action stand", () => expect(faultsOf(planted({}))).toEqual([]));
  it.each([
    ["without a policy", { policy: undefined }, ["no policy"]],
    [
      "without a table of cases",
      { policy: { ...whole.policy, cases: [] } },
      ["policy planted has no case that is allowed", "policy planted has no case that is refused"],
    ],
    ["whose table refuses nobody", { policy: onlyAllowed }, ["policy planted has no case that is refused"]],
    ["without an audit event", { audit: undefined }, ["no audit event"]],
    ["without a verb", { audit: { how: "each" } }, ["no audit event"]],
    [
      "that is silent without being listed",
      { audit: { how: "none" } },
      ["audit none, and not listed with a reason"],
    ],
    ["without a schema", { input: {} }, ["no schema of its input"]],
    ["without a name", { actionName: "" }, ["no name"]],
  ])("fails for an action %s", (_says, more, faults) => expect(faultsOf(planted(more))).toEqual(faults));
  it("fails for a case that the policy decides otherwise", () => {
    const policy: unknown = whole.policy;
    if (!isPolicy(policy)) throw new Error("the planted policy is none");
    expect(policy.cases.map((one) => decided(policy, one) === one.expect)).toEqual([true, false]);
  });
});

const PROCEDURE = /^\s*(\w+): (query|mutation|visit|opening)Of\((\w+)\.(\w+)\),$/;
const sourceOf = (file: string) => readFileSync(path.join(WEB, "server/routers", file), "utf8");

/** `name: queryOf(Domain.action),` on one line, also where a router of one stands on its line. */
function proceduresIn(source: string): { name: string; kind: string; domain: string; action: string }[] {
  return source
    .split("\n")
    .map((line) => line.replace(/^(\s*)\w+: router\(\{ (.+) \}\),$/, "$1$2,"))
    .flatMap((line) => {
      const [, name = "", kind = "", domain = "", action = ""] = PROCEDURE.exec(line) ?? [];
      return name ? [{ name, kind, domain: domain.toLowerCase(), action }] : [];
    });
}

const Router = z.object({ procedures: z.record(z.string(), z.unknown()) });

describe("every tRPC procedure", async () => {
  const { appRouter, createCaller } = await load(path.join(WEB, "server/routers/app.ts"));
  const { procedures } = Router.parse(Reflect.get(Object(appRouter), "_def"));
  const { mineRouter } = await load(path.join(WEB, "server/routers/mine.ts"));
  const mine = Object.keys(Router.parse(Reflect.get(Object(mineRouter), "_def")).procedures);
  const paths = Object.keys(procedures);
  const written = filesBelow(path.join(WEB, "server/routers"), /\.ts$/).flatMap((file) =>
    proceduresIn(sourceOf(file)),
  );

  it("is one line that calls one action", () => {
    expect(paths.length).toBeGreaterThanOrEqual(20);
    const all = [...paths, ...mine];
    expect(written.map(({ name }) => name).sort()).toEqual(all.map((one) => one.split(".").at(-1)).sort());
    const known = new Set(actions.map(({ domain, name }) => `${domain}.${name}`));
    expect(written.filter(({ domain, action }) => !known.has(`${domain}.${action}`))).toEqual([]);
  });
  it("of a patient's door calls what admits patients, or comes before any session, and is in no router of staff", () => {
    const before = ["consent.ask-code", "consent.prove-code", "consent.not-mine", "consent.ask-new-link"];
    const called = proceduresIn(sourceOf("mine.ts")).map(({ domain, action: name }) =>
      actions.find((one) => one.domain === domain && one.name === name),
    );
    const names = called.map((one) => String(one?.action.actionName)).sort();
    expect(names).toEqual([...FOR_PATIENTS, ...before].sort());
    const staff = proceduresIn(sourceOf("app.ts")).map(({ domain, action: name }) => `${domain}.${name}`);
    expect(called.filter((one) => one && staff.includes(`${one.domain}.${one.name}`))).toEqual([]);
  });
  it("the check of it sees a procedure that is more than a line", () =>
    expect(proceduresIn("  open: queryOf(async ({ ctx }) => ctx.db.study.findMany()),")).toEqual([]));

  it.each(paths)(
    "%s is refused to somebody without a session, before its input is looked at",
    async (name) => {
      if (!isFunction(createCaller)) throw new Error("the router has no caller");
      const caller: unknown = Reflect.apply(createCaller, undefined, [{ ctx: undefined }]);
      const call = name
        .split(".")
        .reduce<unknown>((at, key) => (at instanceof Object ? Reflect.get(at, key) : undefined), caller);
      if (!isFunction(call)) throw new Error(`${name} is no procedure`);
      await expect(Promise.resolve(Reflect.apply(call, undefined, [{}]))).rejects.toMatchObject({
        code: "UNAUTHORIZED",
      });
    },
  );
});

describe("every route file of the portal", () => {
  const app = path.join(WEB, "app");
  const routes = filesBelow(app, /(^|\/)route\.tsx?$/);
  const pages = filesBelow(app, /(^|\/)page\.tsx$/);

  it("is on the list", () => expect(routes).toEqual(Object.keys(ROUTE_FILES).sort()));
  it("that is a page stands below the layout that wants a session, or is on the list", () => {
    expect(pages.length).toBeGreaterThanOrEqual(8);
    const open = pages.filter((page) => !page.startsWith("(clinical)/"));
    expect(open).toEqual(Object.keys(OPEN_PAGES).sort());
    const layout = readFileSync(path.join(app, "(clinical)/layout.tsx"), "utf8");
    expect(layout).toMatch(/if \(!found\)\s+redirect\(/);
    expect(layout).toMatch(/if \(standing\.state === "ended"\)\s+redirect\(/);
    expect(layout).toMatch(/if \(standing\.state === "locked"\)\s+return <SessionGuard [^>]*isEmpty \/>;/);
  });
  it.each(pages)("%s reads by the router alone", (page) => {
    const source = readFileSync(path.join(app, page), "utf8");
    const imported = [...source.matchAll(/from "([^"]+)"/g)].map((match) => match[1] ?? "");
    const isDoor = (name: string) =>
      /^@weald\/(core|db|adapters)/.test(name) || /server\/(routers|ctx)/.test(name);
    expect(imported.filter(isDoor)).toEqual([]);
  });
});

describe("the portal's API without a session", () => {
  let post: unknown;
  const PORTAL = "http://127.0.0.1:3999";
  beforeAll(async () => {
    Object.assign(process.env, {
      WEALD_ISSUER: "http://127.0.0.1:1",
      WEALD_PORTAL_URL: PORTAL,
      WEALD_OBJECT_URL: "http://127.0.0.1:1",
      WEALD_PORTAL_PRIVATE_JWK: "{}",
    });
    ({ POST: post } = await load(path.join(WEB, "app/api/trpc/[trpc]/route.ts")));
  });
  async function handle(request: Request): Promise<Response> {
    const answer: unknown = isFunction(post) ? await Reflect.apply(post, undefined, [request]) : undefined;
    if (answer instanceof Response) return answer;
    throw new Error("the route did not answer");
  }
  const asked = (name: string, headers: Record<string, string>) =>
    new Request(`${PORTAL}/api/trpc/${name}`, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json", ...headers },
    });

  it.each([
    ["made up", "Bearer nonsense"],
    ["of the right shape and signed by nobody", "Bearer eyJhbGciOiJub25lIn0.eyJ1aWQiOiIxIn0.AAAA"],
  ])("refuses a token that is %s", async (_says, authorization) => {
    const answer = await handle(asked("patient.lookUp", { authorization }));
    expect(answer.status).toBe(401);
  });
  it("refuses a POST that comes from another site, or from nowhere", async () => {
    expect((await handle(asked("patient.lookUp", { origin: "https://elsewhere.example" }))).status).toBe(403);
    expect((await handle(asked("patient.lookUp", {}))).status).toBe(403);
  });
  it("refuses every call of a batch", async () => {
    const url = `${PORTAL}/api/trpc/organisation.list,worklist.list?batch=1&input=%7B%7D`;
    const answer = await handle(new Request(url, { headers: { authorization: "Bearer nonsense" } }));
    const said = z
      .array(z.object({ error: z.object({ data: z.object({ code: z.string() }) }) }))
      .parse(await answer.json());
    expect(said.map(({ error }) => error.data.code)).toEqual(["UNAUTHORIZED", "UNAUTHORIZED"]);
  });
});

describe("every lambda handler", () => {
  /** The function that packs frames has no database and calls no action (docs/adr/0011, 0027). */
  const WITHOUT_DATABASE = new Set(["packing/pack-frames.ts", "packing/write-pack.ts"]);
  /** Makes the tables that actions ask, and asks none of them: the only owner (docs/adr/0037). */
  const MIGRATES = "deploying/migrate-database.ts";
  const handlers = filesBelow(LAMBDAS, /\.ts$/).filter(
    (file) =>
      !file.includes(".test.") &&
      !file.startsWith("dicomweb/") &&
      !file.startsWith("facts/") &&
      !WITHOUT_DATABASE.has(file) &&
      file !== MIGRATES,
  );
  const known = new Set(actions.map(({ domain, name }) => `${domain}.${name}`));
  /** What a door may use of a domain beside its actions: pure readers of a message and a key. */
  const PURE = new Set(["ingest.arrivedKeys", "ingest.placeOf"]);

  it("is found", () => expect(handlers.length).toBeGreaterThanOrEqual(4));
  it.each([...WITHOUT_DATABASE])(
    "%s knows types of the core alone, and is composed without a database",
    (file) => {
      const source = readFileSync(path.join(LAMBDAS, file), "utf8");
      const [types, values] = [
        /import type [^;]+ from "([^"]+)"/g,
        /import (?!type )[^;]+ from "([^"]+)"/g,
      ].map((pattern) => [...source.matchAll(pattern)].map(([, from = ""]) => from));
      expect(types?.filter((from) => from.startsWith("@weald/core"))).toEqual(["@weald/core/ports"]);
      expect(values?.filter((from) => /^@weald\/(core|adapters|db)/.test(from))).toEqual(
        file.endsWith("pack-frames.ts") ? ["@weald/adapters/picture-archive"] : [],
      );
    },
  );
  it(`${MIGRATES} migrates and can do nothing else`, () => {
    const source = readFileSync(path.join(LAMBDAS, MIGRATES), "utf8");
    const imports = [...source.matchAll(/from "([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(imports).toEqual(["node:path", "@weald/adapters/migrate"]);
  });
  it.each(handlers)("%s acts as the system and calls actions alone", (file) => {
    const source = readFileSync(path.join(LAMBDAS, file), "utf8");
    expect(source).toMatch(/export async function handler\(/);
    const imports = [...source.matchAll(/from "([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(imports.filter((name) => !/^(@weald\/(core\/[a-z]+|adapters)|aws-lambda)$/.test(name))).toEqual(
      [],
    );
    expect(source).toMatch(/= await systemCtx\("/);
    const opened = [...source.matchAll(/import \* as (\w+) from "@weald\/core\//g)].map(
      (match) => match[1] ?? "",
    );
    const calls = [...source.matchAll(/\b(\w+)\.(\w+)\(/g)].flatMap(([, domain = "", name = ""]) =>
      opened.includes(domain) ? [`${domain.toLowerCase()}.${name}`] : [],
    );
    expect(calls.filter((call) => known.has(call)).length).toBeGreaterThan(0);
    expect(calls.filter((call) => !known.has(call) && !PURE.has(call))).toEqual([]);
  });
});

describe("every fact that is heard", () => {
  const source = (file: string) => readFileSync(path.join(LAMBDAS, "facts", file), "utf8");
  const importsOf = (file: string) =>
    [...source(file).matchAll(/from "([^"]+)"/g)].map((match) => match[1] ?? "");
  const hearers = filesBelow(path.join(LAMBDAS, "facts"), /\.ts$/).filter(
    (file) => !file.includes(".test.") && !["fact.ts", "hear-facts.ts"].includes(file),
  );
  const known = new Set(actions.map(({ domain, name }) => `${domain}.${name}`));

  it("has a file, which the door names, and the door opens nothing else", () => {
    expect(hearers.length).toBeGreaterThanOrEqual(3);
    const named = importsOf("hear-facts.ts");
    expect(named.filter((name) => name.startsWith("./")).sort()).toEqual(
      ["fact.ts", ...hearers].map((file) => `./${file}`).sort(),
    );
    expect(named.filter((name) => /^@weald\/core\/(?!kernel$)/.test(name))).toEqual([]);
    expect(source("hear-facts.ts")).toMatch(/= await systemCtx\("hear-facts"/);
  });
  it.each(hearers)("%s decodes it and calls one action", (file) => {
    const [, action = ""] = /hears\(\s*z\.[\s\S]*, (\w+\.\w+),?\s*\);/.exec(source(file)) ?? [];
    expect(known).toContain(action.replace(/^\w/, (letter) => letter.toLowerCase()));
    expect(importsOf(file).filter((name) => !/^(@weald\/core\/[a-z]+|zod|\.\/fact\.ts)$/.test(name))).toEqual(
      [],
    );
  });
});

describe("the DICOMweb door", () => {
  const files = filesBelow(path.join(LAMBDAS, "dicomweb"), /\.ts$/).filter(
    (file) => !file.includes(".test."),
  );
  const textOf = (file: string) => readFileSync(path.join(LAMBDAS, "dicomweb", file), "utf8");
  const known = new Set(actions.map(({ domain, name }) => `${domain}.${name}`));

  it("reaches actions through its one table alone, a line each, and every entry is an exported action under its own name", () => {
    const table = textOf("answers.ts");
    const entries = [...table.matchAll(/^ {2}"([a-z-]+\.[a-z-]+)": (\w+)\.(\w+),$/gm)];
    expect(entries.length).toBeGreaterThan(0);
    const lines = table
      .slice(table.indexOf("ANSWERS = {"))
      .split("\n")
      .filter((line) => /^ {2}\S/.test(line));
    expect(entries).toHaveLength(lines.length);
    for (const [, name, domain = "", action = ""] of entries) {
      expect(known).toContain(`${domain.toLowerCase()}.${action}`);
      const found = actions.find((one) => one.domain === domain.toLowerCase() && one.name === action);
      expect(found?.action.actionName).toBe(name);
    }
  });
  it("imports a domain's code in that table alone", () => {
    const importers = files.filter(
      (file) =>
        [...textOf(file).matchAll(/^import (?!type )[^;]*? from "@weald\/core\/(?!kernel")[a-z]+"/gm)]
          .length > 0,
    );
    expect(importers).toEqual(["answers.ts"]);
  });
  it("streams from a front that has no database: function URLs do not stream inside a VPC", async () => {
    const { metafile } = await build({
      entryPoints: [path.join(LAMBDAS, "dicomweb/stream.ts")],
      bundle: true,
      platform: "node",
      format: "esm",
      write: false,
      metafile: true,
      external: ["sst"],
      logLevel: "silent",
    });
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.length).toBeGreaterThan(50);
    expect(inputs.filter((file) => /packages\/db\/|node_modules\/pg\/|@prisma/.test(file))).toEqual([]);
  });
  it("checks the token before it looks at what is asked", () => {
    const source = textOf("answer.ts");
    expect(source.indexOf("await bearerCtx(")).toBeGreaterThan(0);
    expect(source.indexOf("if (!ctx) return")).toBeLessThan(source.indexOf("actionOf(ask)"));
  });
});
