import path from "node:path";
import { CacheDisk } from "./cache/cache-disk.ts";
import { type Keeper, startKeeper } from "./cache/keeper.ts";
import { keptAnswers } from "./cache/kept-answers.ts";
import { KeptLists } from "./cache/kept-lists.ts";
import { lookSender } from "./cache/looks.ts";
import { type Presence, presence } from "./cache/presence.ts";
import type { EdgeConfig } from "./config.ts";
import { connectTo, reportCommitment } from "./dimse/calling-side.ts";
import { type ListeningDimse, listenDimse } from "./dimse/listen-dimse.ts";
import { type Caller, DimseRefused, type DimseService, STATUS } from "./dimse/service.ts";
import {
  PERFORMED_STEP,
  STORAGE_COMMITMENT,
  STUDY_ROOT_FIND,
  STUDY_ROOT_MOVE,
  WORKLIST_FIND,
} from "./dimse/sop-classes.ts";
import { startForwarder } from "./forward/forwarder.ts";
import { type AskRegion, caller, regionClient, tokens } from "./forward/region-client.ts";
import { throttle } from "./forward/throttle.ts";
import { type ListeningMllp, listenMllp } from "./hl7/listen-mllp.ts";
import { Spool } from "./ledger/index.ts";
import type { Log } from "./log.ts";
import { type ListeningHttp, listenHttp } from "./page/listen-http.ts";
import { standingOf } from "./page/standing.ts";
import { statusDoor } from "./page/status-door.ts";
import { TOLD_WITHIN_MS, tellRegion } from "./page/tell-region.ts";
import type { Dicomweb } from "./query/dicomweb.ts";
import { findStudies } from "./query/find-studies.ts";
import { moveStudies } from "./query/move-studies.ts";
import { regionAs } from "./query/region-as.ts";
import { findOrKept, moveOrKept, type WhenAway } from "./query/when-away.ts";
import { stepSender, stepTaker } from "./steps/take-step.ts";
import { commitments } from "./store/commitments.ts";
import { ObjectSink } from "./store/receive-object.ts";
import { recogniser } from "./store/recognise.ts";
import { stowDoor } from "./stow/stow-door.ts";
import { findProcedures } from "./worklist/find-procedures.ts";

const DAY_MS = 24 * 3600 * 1000;
const HOUR_MS = 3600 * 1000;
const COMMITMENT_EVERY_MS = 2000;

export type Gateway = {
  dimsePort: number | undefined;
  mllpPort: number | undefined;
  httpPort: number;
  stop(): Promise<void>;
};

/** What any registered system may use: it needs no client of its own in the region. */
const FOR_EVERYONE = new Set([STORAGE_COMMITMENT, PERFORMED_STEP, WORKLIST_FIND]);

type Committing = ReturnType<typeof commitments>;

type Behind = {
  config: EdgeConfig;
  spool: Spool;
  ask: AskRegion;
  committing: Committing;
  here: Presence;
  away: WhenAway | undefined;
};

function dimseService({ config, spool, ask, committing, here, away }: Behind): DimseService {
  const { recognise, left } = recogniser(config);
  const entities = config.applicationEntities;
  const webOf = regionAs(config.region, here.met);
  function web({ entity }: Caller): Dicomweb {
    const found = webOf(entity);
    if (!found) throw new DimseRefused(STATUS.notAuthorised, "This system may only store.");
    return found;
  }
  /** As whom something is kept for this system, if for anybody. */
  const keptFor = ({ entity: { client } }: Caller) => (client?.isKeptFor ? client.id : undefined);
  return {
    recognise,
    left,
    offers({ entity }, sopClassUid) {
      if (FOR_EVERYONE.has(sopClassUid)) return true;
      return (
        (sopClassUid === STUDY_ROOT_FIND || sopClassUid === STUDY_ROOT_MOVE) && webOf(entity) !== undefined
      );
    },
    beginStore: (by, request) => new ObjectSink({ spool, config }, { caller: by, request }),
    find(by, request, way) {
      const { model, identifier } = request;
      const { signal } = way;
      if (model === "worklist") return findProcedures(ask, { identifier, signal });
      const clientId = keptFor(by);
      if (!away || !clientId) return findStudies(web(by), { caller: by, identifier, signal });
      return findOrKept(web(by), away, { clientId, caller: by }, { ...request, way });
    },
    async move(by, request, way) {
      const options = { web: web(by), entities, connectTo };
      const asked = { caller: by, request, way };
      const clientId = keptFor(by);
      if (!away || !clientId) return moveStudies(options, asked);
      return moveOrKept(options, away, clientId, asked);
    },
    step: stepTaker(spool),
    commit: committing.ask,
  };
}

/** Forgets what was settled longer ago than the ledger promises. */
function forgetting(config: EdgeConfig, spool: Spool, log: Log): NodeJS.Timeout {
  const forget = () =>
    spool.ledger
      .forgetBefore(new Date(Date.now() - config.ledgerDays * DAY_MS))
      .then((forgotten) => log({ level: "info", event: "ledger.forgot", items: forgotten }))
      .catch(() => log({ level: "error", event: "ledger.forget-failed" }));
  return setInterval(() => void forget(), HOUR_MS);
}

/** What is kept for when the region is away. */
async function openCache(config: EdgeConfig, { spool, here }: { spool: Spool; here: Presence }) {
  const { cache, applicationEntities } = config;
  if (!cache || !config.region.dicomwebUrl) return undefined;
  const clientIds = applicationEntities.flatMap(({ client }) => (client?.isKeptFor ? [client.id] : []));
  const oldestMs = cache.oldestHours * HOUR_MS;
  const lists = await KeptLists.open({ ledger: spool.ledger, clientIds, oldestMs, presence: here });
  const disk = await CacheDisk.open(path.join(config.home, "cache"), (key) => lists.wanted.has(key));
  return { cache, lists, disk, answers: keptAnswers({ lists, disk, spool }) };
}

/** Every part of a gateway, in the order in which they need each other. */
export async function startGateway(config: EdgeConfig, log: Log): Promise<Gateway> {
  const startedAt = new Date();
  const spool = await Spool.open({ home: config.home, leastFreeBytes: config.leastFreeBytes, log });
  const { portalUrl, issuer, clientId: id, clientSecret: secret, scope } = config.region;
  const here = presence();
  const token = tokens(issuer, portalUrl, { id, secret, scope });
  const ask = caller(portalUrl, token, here);
  const line = throttle(config.forward.bytesPerSecond);
  const kept = await openCache(config, { spool, here });
  const forwarder = startForwarder({
    spool,
    client: regionClient(ask),
    sendStep: stepSender(spool, ask),
    sendLooks: lookSender(spool, config, here),
    line,
    config: config.forward,
    log,
  });
  const committing = commitments({
    spool,
    entities: config.applicationEntities,
    reportTo: reportCommitment,
    log,
    waitMs: config.commitmentWaitSeconds * 1000,
    everyMs: COMMITMENT_EVERY_MS,
  });
  const timer = forgetting(config, spool, log);
  const isStuck = () => forwarder.trouble() !== undefined;
  const keeper: Keeper | undefined =
    kept && startKeeper({ ...kept, config, spool, presence: here, line, isStuck, log });
  const away: WhenAway | undefined = kept &&
    keeper && {
      kept: kept.answers,
      isAway: keeper.isAway,
      log: (event) => log({ level: "info", event }),
    };
  let dimse: ListeningDimse | undefined;
  let mllp: ListeningMllp | undefined;
  let http: ListeningHttp | undefined;
  const standing = {
    trust: config.trust,
    spool,
    forwarder,
    cache: kept && keeper && { ...kept, config, keeper },
    startedAt,
  };
  const teller = tellRegion({
    standing: () => standingOf(standing),
    ask: caller(portalUrl, token, { ...here, withinMs: TOLD_WITHIN_MS }),
    log,
  });

  async function stop(): Promise<void> {
    clearInterval(timer);
    teller.stop();
    committing.stop();
    await Promise.all([dimse?.close(), mllp?.close(), http?.close()]);
    await keeper?.stop();
    await forwarder.stop();
    await spool.close();
  }

  try {
    http = await listenHttp(config.http, [statusDoor(standing), stowDoor({ config, spool, log })]);
    if (config.dimse) {
      const service = dimseService({ config, spool, ask, committing, here, away });
      dimse = await listenDimse(config.dimse, { service, log });
    }
    if (config.hl7) {
      const { senders, processingIds } = config.hl7;
      mllp = await listenMllp(config.hl7, { spool, rules: { senders, processingIds }, log });
    }
    const ports = { dimse: dimse?.port, mllp: mllp?.port, http: http.port };
    log({ level: "info", event: "gateway.started", ...ports });
    return { dimsePort: ports.dimse, mllpPort: ports.mllp, httpPort: ports.http, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
