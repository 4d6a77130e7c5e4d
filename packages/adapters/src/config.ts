import { z } from "zod";

/** A function that another one calls. */
const Called = z.object({
  region: z.string().min(1),
  endpoint: z.url().optional(),
  function: z.string().min(1),
});

/** Queues to which something is sent, by the names that `infra/` gives them. */
export const QUEUES = ["UrgentArrivals", "Arrivals", "BulkArrivals", "Facts"] as const;
export type QueueName = (typeof QUEUES)[number];
/** And what failed for good in each, as the operations page tells them. */
export const WATCHED = [
  ...QUEUES,
  "UrgentArrivalsDeadLetters",
  "ArrivalsDeadLetters",
  "BulkArrivalsDeadLetters",
  "FactsDeadLetters",
] as const;

/**
 * What a process must be told, from its environment. Locally and on one server these are WEALD_* variables; on AWS
 * `compose/aws.ts` makes the same shape of what SST links to the function.
 */
export const Config = z.object({
  databaseUrl: z.string().min(1),
  /** The identity provider. */
  issuer: z.url().optional(),
  databaseConnections: z.coerce.number().int().min(1).max(100).default(5),
  /** How long a transaction may last. A machine that runs a whole suite beside it is given more. */
  transactionSeconds: z.coerce.number().int().min(1).max(60).default(2),
  /** Only what accepts objects has it. */
  storageIdSecret: z.string().min(32).optional(),
  objects: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("file"),
      root: z.string().min(1),
      publicUrl: z.url(),
      secret: z.string().min(32),
      fsync: z.boolean(),
    }),
    z.object({
      kind: z.literal("s3"),
      region: z.string().min(1),
      endpoint: z.url().optional(),
      inboxBucket: z.string().min(3),
      archiveBucket: z.string().min(3),
      sharesBucket: z.string().min(3),
      spoolBucket: z.string().min(3),
      sealsBucket: z.string().min(3),
      credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }).optional(),
    }),
  ]),
  /** Only what draws pictures has it: the function that does, which has no database. */
  drawing: Called.optional(),
  /** Only what packs series has it: the function that packs their frames, which has no database. */
  packing: Called.optional(),
  /** Only what sends messages to patients has it: GOV.UK Notify, or the mail box of a local region. */
  notifier: z
    .discriminatedUnion("kind", [
      z.object({
        kind: z.literal("govuk-notify"),
        apiKey: z.string().min(74),
        baseUrl: z.url().optional(),
        templates: z.record(z.string(), z.uuid()),
        portalUrl: z.url(),
      }),
      z.object({ kind: z.literal("mail-box"), folder: z.string().min(1), portalUrl: z.url() }),
    ])
    .optional(),
  queues: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("postgres"), connectionString: z.string().min(1) }),
    z.object({
      kind: z.literal("sqs"),
      region: z.string(),
      urls: z.record(z.enum(QUEUES), z.url()),
      /** Only the portal, which shows how they stand. */
      watched: z.record(z.enum(WATCHED), z.url()),
    }),
  ]),
});
export type Config = z.output<typeof Config>;

/** What a function must be told that stands before others: no database, no queue. */
export const FrontConfig = z.object({
  objects: Config.shape.objects,
  /** Origins of registered viewers, whose pages may ask by CORS. */
  viewerOrigins: z.array(z.string().regex(/^https?:\/\/[^/*\s]+$/)),
  functions: z.object({
    region: z.string().min(1),
    endpoint: z.url().optional(),
    answer: z.string().min(1),
    accept: z.string().min(1),
  }),
});
export type FrontConfig = z.output<typeof FrontConfig>;

/** A list between commas. */
export const originsIn = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((origin) => origin.trim())
    .filter((origin) => origin !== "");

/** One clear line that names what is missing, never a value. */
export class ConfigInvalid extends Error {
  readonly code = "CONFIG_INVALID";
}

type Environment = Record<string, string | undefined>;

const objectsFrom = (env: Environment) =>
  env.WEALD_S3_ARCHIVE_BUCKET
    ? {
        kind: "s3",
        region: env.WEALD_S3_REGION ?? "eu-west-2",
        endpoint: env.WEALD_S3_ENDPOINT,
        inboxBucket: env.WEALD_S3_INBOX_BUCKET,
        archiveBucket: env.WEALD_S3_ARCHIVE_BUCKET,
        sharesBucket: env.WEALD_S3_SHARES_BUCKET,
        spoolBucket: env.WEALD_S3_SPOOL_BUCKET,
        sealsBucket: env.WEALD_S3_SEALS_BUCKET,
        credentials: env.WEALD_S3_ACCESS_KEY
          ? { accessKeyId: env.WEALD_S3_ACCESS_KEY, secretAccessKey: env.WEALD_S3_SECRET_KEY }
          : undefined,
      }
    : {
        kind: "file",
        root: env.WEALD_OBJECT_ROOT,
        publicUrl: env.WEALD_OBJECT_URL,
        secret: env.WEALD_OBJECT_SECRET,
        fsync: env.WEALD_OBJECT_FSYNC !== "off",
      };

/** `name.channel=id` between commas, as Notify's page of templates gives the ids. */
const templatesIn = (text: string | undefined): Record<string, string> =>
  Object.fromEntries(originsIn(text).map((one) => one.split("=", 2)));

/** Production has no mail box: what waits there would reach nobody, and be read by whoever has the machine. */
export function notifierFrom(env: Environment): unknown {
  if (env.WEALD_NOTIFY_API_KEY)
    return {
      kind: "govuk-notify",
      apiKey: env.WEALD_NOTIFY_API_KEY,
      baseUrl: env.WEALD_NOTIFY_URL || undefined,
      templates: templatesIn(env.WEALD_NOTIFY_TEMPLATES),
      portalUrl: env.WEALD_PORTAL_URL,
    };
  if (!env.WEALD_MAIL_BOX || env.WEALD_ENVIRONMENT === "production") return undefined;
  return { kind: "mail-box", folder: env.WEALD_MAIL_BOX, portalUrl: env.WEALD_PORTAL_URL };
}

function requireValid<T>(parsed: z.ZodSafeParseResult<T>): T {
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map((issue) => issue.path.join(".")).join(", ");
  throw new ConfigInvalid(`The environment lacks or spoils: ${missing}. See docs/configuration.md.`);
}

/** @throws {ConfigInvalid} `CONFIG_INVALID` */
export const configFromEnvironment = (env: Environment): Config =>
  requireValid(
    Config.safeParse({
      databaseUrl: env.WEALD_DATABASE_URL,
      databaseConnections: env.WEALD_DATABASE_CONNECTIONS,
      transactionSeconds: env.WEALD_TRANSACTION_SECONDS,
      issuer: env.WEALD_ISSUER,
      storageIdSecret: env.WEALD_STORAGE_ID_SECRET,
      objects: objectsFrom(env),
      queues: { kind: "postgres", connectionString: env.WEALD_QUEUE_URL },
      drawing: env.WEALD_DRAW_FUNCTION
        ? { region: "local", endpoint: env.WEALD_LAMBDA_ENDPOINT, function: env.WEALD_DRAW_FUNCTION }
        : undefined,
      packing: env.WEALD_PACK_FUNCTION
        ? { region: "local", endpoint: env.WEALD_LAMBDA_ENDPOINT, function: env.WEALD_PACK_FUNCTION }
        : undefined,
      notifier: notifierFrom(env),
    }),
  );

/** @throws {ConfigInvalid} `CONFIG_INVALID` */
export const frontConfigFromEnvironment = (env: Environment): FrontConfig =>
  requireValid(
    FrontConfig.safeParse({
      objects: objectsFrom(env),
      viewerOrigins: originsIn(env.WEALD_DICOMWEB_ORIGINS),
      functions: {
        region: "local",
        endpoint: env.WEALD_LAMBDA_ENDPOINT,
        answer: env.WEALD_ANSWER_FUNCTION,
        accept: env.WEALD_ACCEPT_FUNCTION,
      },
    }),
  );

/** @throws {ConfigInvalid} `CONFIG_INVALID` */
export const objectsFromEnvironment = (env: Environment): Config["objects"] =>
  requireValid(Config.shape.objects.safeParse(objectsFrom(env)));
