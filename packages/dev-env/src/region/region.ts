import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { service as composedService } from "@weald/adapters";
import { createFileObjectStore } from "@weald/adapters/object-store/file";
import { createFileGateway } from "@weald/adapters/object-store/file-gateway";
import { closeQueues, createPostgresQueue, ensureQueueSchema } from "@weald/adapters/queue/postgres";
import type { Actor, Ctx, Service } from "@weald/core/kernel";
import * as Organisation from "@weald/core/organisation";
import { createLocalCloud, inProcessHost, type LocalCloud, readManifest } from "../cloud/index.ts";
import { ACTIVITIES_OF, findPerson, trusts } from "../people/index.ts";
import { createTestDatabase, type TestDatabase } from "../postgres/index.ts";
import { type SentFile, type Source, sendSources } from "../send/index.ts";
import { environmentOf, type Places } from "./environment.ts";
import { inProcessApi } from "./in-process-api.ts";
import { type Listening, listen } from "./listen.ts";

const NO_PROGRESS_MS = 60_000;

export type Region = {
  service: Service;
  cloud: LocalCloud;
  objectUrl: string;
  /** Of a demonstration person, `amara.okafor@RA2`. */
  as(key: string): Ctx;
  /** Of a trust's gateway. */
  gateway(odsCode: string): Ctx;
  ctxOf(actor: Actor): Ctx;
  send(odsCode: string, sources: Iterable<Source>): Promise<SentFile[]>;
  sendAs(ctx: Ctx, sources: Iterable<Source>): Promise<SentFile[]>;
  /** Until no message waits and no fact is unsaid. */
  drain(): Promise<void>;
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

type Built = {
  service: Service;
  cloud: LocalCloud;
  gateway: Listening;
  places: Places;
  database: TestDatabase;
  root: string;
};

async function build(): Promise<Built> {
  const database = await createTestDatabase();
  const root = mkdtempSync(path.join(tmpdir(), "weald-region-"));
  await ensureQueueSchema(database.ownerUrl);
  let serve: Parameters<typeof listen>[0] = (_request, response) => response.writeHead(503).end();
  const gateway = await listen((request, response) => serve(request, response), 0);
  const places: Places = {
    databaseUrl: database.appUrl,
    queueUrl: database.ownerUrl,
    objectRoot: path.join(root, "objects"),
    objectUrl: gateway.url,
    objectSecret: randomBytes(32).toString("hex"),
    storageIdSecret: randomBytes(32).toString("hex"),
    fsync: false,
  };
  Object.assign(process.env, environmentOf(places));
  const cloud = createLocalCloud({
    manifest: readManifest(),
    queueUrl: places.queueUrl,
    host: inProcessHost,
    send: (name, body) => createPostgresQueue({ name, connectionString: places.queueUrl }).send([{ body }]),
  });
  const store = (bucket: string) =>
    createFileObjectStore({
      root: places.objectRoot,
      bucket,
      publicUrl: gateway.url,
      secret: places.objectSecret,
      fsync: false,
    });
  serve = createFileGateway({
    stores: [store("inbox"), store("archive")],
    allowedOrigins: [],
    onPut: cloud.objectCreated,
  });
  return { service: await composedService(), cloud, gateway, places, database, root };
}

async function create(): Promise<Region> {
  const { service, cloud, gateway, places, database, root } = await build();
  const ctxOf = (actor: Actor): Ctx => ({ service, actor, door: "test", correlationId: randomUUID() });
  const system = ctxOf({ kind: "system", id: "region" });
  for (const trust of trusts) await Organisation.establish(system, trust);

  async function drain(): Promise<void> {
    await cloud.drain();
    await cloud.tick("RelayOutbox");
    await cloud.drain();
  }
  const sendAs = (ctx: Ctx, sources: Iterable<Source>) =>
    sendSources(sources, {
      api: inProcessApi(ctx),
      timeoutMs: NO_PROGRESS_MS,
      pollMs: 1,
      beforePoll: drain,
    });
  const gatewayCtx = (odsCode: string) =>
    ctxOf({ kind: "client", id: `gateway-${odsCode}`, organisation: odsCode, scopes: ["inbox.write"] });

  return {
    service,
    cloud,
    objectUrl: gateway.url,
    ctxOf,
    as: (key) => ctxOf(actorOf(key)),
    gateway: gatewayCtx,
    send: (odsCode, sources) => sendAs(gatewayCtx(odsCode), sources),
    sendAs,
    drain,
    async stop() {
      await cloud.stop();
      await gateway.close();
      await service.db.close();
      await closeQueues(places.queueUrl);
      await database.drop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A whole region in this process, with everything real but the clock of its schedules: tests drain it, then assert. */
export const Region = { create };
