import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { service as composedService, forgetComposed } from "@weald/adapters";
import { type Letter, readMailBox } from "@weald/adapters/mail-box";
import { createFileObjectStore } from "@weald/adapters/object-store/file";
import { createFileGateway } from "@weald/adapters/object-store/file-gateway";
import { closeQueues, createPostgresQueue, ensureQueueSchema } from "@weald/adapters/queue/postgres";
import * as Identity from "@weald/core/identity";
import type { Actor, Ctx, Service } from "@weald/core/kernel";
import * as Organisation from "@weald/core/organisation";
import { localDecoder } from "@weald/lambdas/decoder-build";
import {
  createFunctionUrls,
  createLambdaApi,
  createLocalCloud,
  type FunctionHost,
  type FunctionSpec,
  inProcessHost,
  type LocalCloud,
  readManifest,
} from "../cloud/index.ts";
import { ACTIVITIES_OF, findPerson, GATEWAY_SCOPES, SYSTEM_SCOPES, trusts } from "../people/index.ts";
import { createTestDatabase, type TestDatabase } from "../postgres/index.ts";
import { type SentFile, type Source, sendSources } from "../send/index.ts";
import { environmentOf, type Places } from "./environment.ts";
import { inProcessApi } from "./in-process-api.ts";
import { type Listening, listen } from "./listen.ts";
import { createTestIssuer } from "./test-issuer.ts";

/** As the portal has it (docs/configuration.md). */
const IDLE_SECONDS = 900;
const SHIFT_SECONDS = 12 * 3600;
const NO_PROGRESS_MS = 60_000;
/** The audience of tokens; nothing listens there. */
const PORTAL_URL = "http://portal.test.invalid";

export type RegionOptions = {
  /** Over what the region tells its processes: other technologies behind the ports (WEALD_S3_…). */
  environment?: Record<string, string>;
  /** Where functions run, given what each is told. In this process unless said otherwise. */
  functions?: (environment: Record<string, string>) => (spec: FunctionSpec) => FunctionHost;
  /** Durable to the disk, as in `npm start`. */
  fsync?: boolean;
};

export type Region = {
  service: Service;
  cloud: LocalCloud;
  objectUrl: string;
  /** The DICOMweb door's base, `http://127.0.0.1:…/dicomweb`. */
  dicomwebUrl: string;
  /** A bearer token of whoever this context is of. */
  tokenOf(ctx: Ctx): Promise<string>;
  /** What each process of the region is told. */
  environment: Record<string, string>;
  /** Of a demonstration person, `amara.okafor@RA2`. */
  as(key: string): Ctx;
  /** Of a demonstration person who has signed in to the portal: their session is checked. Proved so long ago. */
  signedIn(key: string, proof?: { secondsAgo: number }): Promise<Ctx>;
  /** Of a trust's gateway. */
  gateway(odsCode: string): Ctx;
  /** Of another system of a trust (a PACS, an AI box, a script), with these scopes. */
  system(odsCode: string, scopes?: readonly string[]): Ctx;
  ctxOf(actor: Actor): Ctx;
  send(odsCode: string, sources: Iterable<Source>): Promise<SentFile[]>;
  sendAs(ctx: Ctx, sources: Iterable<Source>): Promise<SentFile[]>;
  /** What was sent to patients, newest first. */
  letters(): Promise<Letter[]>;
  /** Until no message waits and no fact is unsaid. */
  drain(): Promise<void>;
  /** Packs and folds what is settled, as a day later. */
  fold(): Promise<void>;
  stop(): Promise<void>;
};

function actorOf(key: string): Actor {
  const found = findPerson(key);
  if (!found) throw new Error(`nobody is called ${key}`);
  const { person, contract } = found;
  return {
    kind: "person",
    id: person.uid,
    roleId: contract.roleId,
    role: contract.role,
    organisation: contract.organisation,
    activities: ACTIVITIES_OF[contract.role],
  };
}

function nameOf(key: string): string {
  const person = findPerson(key)?.person;
  return person ? `${person.title} ${person.given} ${person.family}` : key;
}

type Built = {
  service: Service;
  cloud: LocalCloud;
  gateway: Listening;
  dicomweb: Listening;
  listening: readonly Listening[];
  tokenOf(actor: Actor): Promise<string>;
  places: Places;
  environment: Record<string, string>;
  database: TestDatabase;
  root: string;
  restoreEnvironment(): void;
};

/** Tells this process what a region's processes are told. Returns what takes it back: another region may come after. */
function setEnvironment(environment: Record<string, string>): () => void {
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  forgetComposed();
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    forgetComposed();
  };
}

async function build(options: RegionOptions): Promise<Built> {
  const database = await createTestDatabase();
  const root = mkdtempSync(path.join(tmpdir(), "weald-region-"));
  await ensureQueueSchema(database.ownerUrl);
  let serve: Parameters<typeof listen>[0] = (_request, response) => response.writeHead(503).end();
  const gateway = await listen((request, response) => serve(request, response), 0);
  const issuer = await createTestIssuer();
  const identity = await listen(issuer.listener, 0);
  let speakLambda: typeof serve = serve;
  const lambda = await listen((request, response) => speakLambda(request, response), 0);
  const places: Places = {
    issuer: identity.url,
    portalUrl: PORTAL_URL,
    lambdaUrl: lambda.url,
    decoder: await localDecoder(),
    databaseUrl: database.appUrl,
    queueUrl: database.ownerUrl,
    objectRoot: path.join(root, "objects"),
    mailBox: path.join(root, "mail-box"),
    objectUrl: gateway.url,
    objectSecret: randomBytes(32).toString("hex"),
    storageIdSecret: randomBytes(32).toString("hex"),
    fsync: options.fsync ?? false,
  };
  const environment = {
    ...environmentOf(places),
    // A suite loads the machine: what is slow there isn't what is being tried.
    WEALD_TRANSACTION_SECONDS: "20",
    ...options.environment,
  };
  const restoreEnvironment = setEnvironment(environment);
  const cloud = createLocalCloud({
    manifest: readManifest(),
    queueUrl: places.queueUrl,
    host: options.functions?.(environment) ?? inProcessHost,
    send: (name, body) => createPostgresQueue({ name, connectionString: places.queueUrl }).send([{ body }]),
  });
  const store = (bucket: string) =>
    createFileObjectStore({
      root: places.objectRoot,
      bucket,
      publicUrl: gateway.url,
      secret: places.objectSecret,
      fsync: places.fsync,
    });
  serve = createFileGateway({
    stores: [store("inbox"), store("archive"), store("shares")],
    allowedOrigins: [],
    onPut: cloud.objectCreated,
  });
  speakLambda = createLambdaApi(cloud);
  const dicomweb = await listen(createFunctionUrls(cloud), 0);
  return {
    service: await composedService(),
    cloud,
    gateway,
    dicomweb,
    listening: [gateway, identity, lambda, dicomweb],
    tokenOf: (actor) => issuer.tokenOf(actor, places.issuer, places.portalUrl),
    places,
    environment,
    database,
    root,
    restoreEnvironment,
  };
}

async function create(options: RegionOptions = {}): Promise<Region> {
  const built = await build(options);
  const { service, cloud, gateway, dicomweb, listening, tokenOf, places, environment, database, root } =
    built;
  const ctxOf = (actor: Actor): Ctx => ({ service, actor, door: "test", correlationId: randomUUID() });
  const system = ctxOf({ kind: "system", id: "region" });
  for (const trust of trusts) await Organisation.establish(system, trust);

  /** A fact that is heard may have more to tell. */
  async function tell(): Promise<void> {
    await cloud.drain();
    do await cloud.tick("RelayOutbox");
    while ((await cloud.drain()) > 0);
  }
  async function fold(): Promise<void> {
    await cloud.tick("DrawPictures");
    await cloud.tick("PackSeries");
    const asSystem = { organisation: null, patients: [], now: service.now() };
    await service.db.transaction(
      asSystem,
      (tx) =>
        tx.$executeRaw`UPDATE series_packing SET fold_at = now() - interval '1 second' WHERE fold_at IS NOT NULL`,
    );
    await cloud.tick("PackSeries");
  }
  async function drain(): Promise<void> {
    await tell();
    // The long form of folding's proof: tests of whatever reads and corrects images, by blocks alone (tests/soak).
    if (process.env.WEALD_TEST_FOLDED) await fold();
  }
  const sendAs = (ctx: Ctx, sources: Iterable<Source>) =>
    sendSources(sources, {
      api: inProcessApi(ctx),
      timeoutMs: NO_PROGRESS_MS,
      pollMs: 1,
      beforePoll: drain,
    });
  async function signedIn(key: string, { secondsAgo } = { secondsAgo: 0 }): Promise<Ctx> {
    const ctx = ctxOf(actorOf(key));
    const { sessionId } = await Identity.beginSession(ctx, {
      displayName: nameOf(key),
      email: `${key.replace(/@.*/, "")}@example.nhs.invalid`,
      providerSub: ctx.actor.id,
      roleActivities: ctx.actor.kind === "person" ? [...ctx.actor.activities] : [],
      provedAt: new Date(service.now().getTime() - secondsAgo * 1000),
      idleSeconds: IDLE_SECONDS,
      shiftSeconds: SHIFT_SECONDS,
    });
    return { ...ctx, session: { id: sessionId } };
  }
  const gatewayCtx = (odsCode: string) =>
    ctxOf({ kind: "client", id: `gateway-${odsCode}`, organisation: odsCode, scopes: GATEWAY_SCOPES });

  return {
    service,
    cloud,
    objectUrl: gateway.url,
    dicomwebUrl: `${dicomweb.url}/dicomweb`,
    tokenOf: ({ actor }) => tokenOf(actor),
    environment,
    ctxOf,
    as: (key) => ctxOf(actorOf(key)),
    signedIn,
    gateway: gatewayCtx,
    system: (odsCode, scopes = SYSTEM_SCOPES) =>
      ctxOf({ kind: "client", id: `system-${odsCode}`, organisation: odsCode, scopes }),
    send: (odsCode, sources) => sendAs(gatewayCtx(odsCode), sources),
    sendAs,
    drain,
    fold,
    letters: () => readMailBox(places.mailBox),
    async stop() {
      await cloud.stop();
      await Promise.all(listening.map((one) => one.close()));
      await service.db.close();
      await closeQueues(places.queueUrl);
      await database.drop();
      built.restoreEnvironment();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A whole region in this process, with everything real but the clock of its schedules: tests drain it, then assert. */
export const Region = { create };
