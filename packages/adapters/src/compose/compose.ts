import type { Ctx, LogLine, Ports, Service } from "@weald/core/kernel";
import type { Queue } from "@weald/core/ports";
import { createDatabase } from "@weald/db";
import { type Config, ConfigInvalid, configFromEnvironment, type QueueName, WATCHED } from "../config.ts";
import { createPacker } from "../functions/packer.ts";
import { createPictures } from "../functions/pictures.ts";
import { createIdentityProvider } from "../identity/discovery.ts";
import { createNotifier } from "../notifier/create.ts";
import { createPostgresQueue } from "../queue/postgres.ts";
import { createPostgresGauge } from "../queue/postgres-gauge.ts";
import { createSqsQueue } from "../queue/sqs.ts";
import { createSqsGauge } from "../queue/sqs-gauge.ts";
import { crashPointFrom } from "./crash-point.ts";
import { kept } from "./kept.ts";
import { objectStores } from "./object-stores.ts";

const writeLog = (line: LogLine): void => {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
};

function queues(config: Config["queues"]): Pick<Ports, "arrivals" | "facts" | "queueGauge"> {
  if (config.kind === "postgres") {
    const { connectionString } = config;
    const queueGauge = createPostgresGauge(connectionString, WATCHED);
    return { ...queuesBy((name) => createPostgresQueue({ name, connectionString })), queueGauge };
  }
  const { urls, watched, region } = config;
  const queueGauge = createSqsGauge({ region, urls: watched });
  return { ...queuesBy((name) => createSqsQueue({ name, url: urls[name], region })), queueGauge };
}

const queuesBy = (queue: (name: QueueName) => Queue): Pick<Ports, "arrivals" | "facts"> => ({
  arrivals: { urgent: queue("UrgentArrivals"), routine: queue("Arrivals"), bulk: queue("BulkArrivals") },
  facts: queue("Facts"),
});

export type ComposeOptions = { now?: () => Date; log?: (line: LogLine) => void };

/** The one wiring of ports to technologies, for every process. */
export function composeService(config: Config, options: ComposeOptions = {}): Service {
  return {
    db: createDatabase({
      connectionString: config.databaseUrl,
      maxConnections: config.databaseConnections,
      transactionSeconds: config.transactionSeconds,
    }),
    ports: {
      ...objectStores(config.objects),
      ...queues(config.queues),
      identityProvider: createIdentityProvider(config.issuer),
      pictures: createPictures(config.drawing),
      packer: createPacker(config.packing),
      notifier: createNotifier(config.notifier),
    },
    now: options.now ?? (() => new Date()),
    get storageIdSecret() {
      if (config.storageIdSecret === undefined)
        throw new ConfigInvalid("The secret of the storage ids is not given to this process.");
      return config.storageIdSecret;
    },
    log: options.log ?? writeLog,
    crashPoint: crashPointFrom(process.env),
  };
}

async function composeOnce(): Promise<Service> {
  if (!process.env.WEALD_DATABASE_URL) {
    // Only a deployed function has SST's links; the import would fail anywhere else.
    const { configFromLinks } = await import("./aws.ts");
    return composeService(configFromLinks());
  }
  return composeService(configFromEnvironment(process.env));
}

/** This process's service. */
export const service = kept(composeOnce);

/** The context of a function's own work. `id` names the function. */
export async function systemCtx(
  id: string,
  door: "queue" | "timer" | "back-channel" | "portal" | "link",
  correlationId: string,
): Promise<Ctx> {
  return { service: await service(), actor: { kind: "system", id }, door, correlationId };
}
