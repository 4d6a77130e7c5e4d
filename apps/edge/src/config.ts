import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { URGENCIES } from "./ledger/index.ts";

/** @see DICOM PS3.5 §6.2 (AE) */
const AeTitle = z
  .string()
  .trim()
  .regex(/^[\x20-\x5b\x5d-\x7e]{1,16}$/, "an AE title has 1 to 16 characters and no backslash");
const Port = z.number().int().min(0).max(65_535);
const Seconds = z.number().positive();

/** A system of the trust that may call, and who it is in the region when it asks for something. */
const ApplicationEntity = z.object({
  title: AeTitle,
  /** Where C-MOVE sends to, and where a late storage commitment is reported. */
  host: z.string().min(1).optional(),
  port: Port.min(1).optional(),
  /** It is called over TLS: its certificate is one that this authority signed, or one that Node trusts. */
  tls: z.object({ authorityFile: z.string().min(1).optional() }).optional(),
  /** It may call from these addresses alone. */
  addresses: z.array(z.string().min(1)).optional(),
  /** The registered client behind it, for C-FIND, C-MOVE and worklists. Without one it may only store. */
  client: z
    .object({
      id: z.string().min(1),
      secret: z.string().min(1),
      scope: z.string().default("studies.read studies.read.region"),
      /** What it may read of today's lists is kept here for when the region is away. Wants `cache`. */
      isKeptFor: z.boolean().default(false),
    })
    .optional(),
  /** Over what the C-STORE says. */
  urgency: z.enum(URGENCIES).optional(),
});
export type ApplicationEntity = z.output<typeof ApplicationEntity>;

const Tls = z.object({
  keyFile: z.string().min(1),
  certificateFile: z.string().min(1),
  /** Only callers whose certificate one of these signed. */
  clientAuthorityFile: z.string().min(1).optional(),
});

export const EdgeConfig = z.object({
  /** ODS code of the trust whose gateway this is. */
  trust: z.string().regex(/^[A-Z0-9]{3,6}$/),
  /** Spool, ledger and cache. */
  home: z.string().min(1),
  region: z.object({
    portalUrl: z.url(),
    issuer: z.url(),
    dicomwebUrl: z.url().optional(),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1),
    scope: z.string().default("inbox.write worklist.read procedure.write"),
  }),
  dimse: z
    .object({
      host: z.string().min(1).default("0.0.0.0"),
      port: Port.default(11_112),
      calledTitles: z.array(AeTitle).min(1),
      tls: Tls.optional(),
      maxPduBytes: z.number().int().min(4096).max(1_048_576).default(262_144),
      mostAssociations: z.number().int().min(1).default(50),
      mostAssociationsOfOne: z.number().int().min(1).default(20),
      /** From the connection to the association request. */
      associationSeconds: Seconds.default(15),
      /** A PDU that was begun is whole in this time. */
      pduSeconds: Seconds.default(60),
      /** An association without a word. */
      idleSeconds: Seconds.default(300),
    })
    .optional(),
  /** HL7 v2 by MLLP (docs/hl7.md). */
  hl7: z
    .object({
      host: z.string().min(1).default("0.0.0.0"),
      port: Port.default(2575),
      tls: Tls.optional(),
      /** Systems may call from these addresses alone. */
      addresses: z.array(z.string().min(1)).optional(),
      /** Whose messages are this trust's, by MSH-3 and MSH-4; without any, everybody's who can connect. */
      senders: z
        .array(
          z.object({ application: z.string().min(1).optional(), facility: z.string().min(1).optional() }),
        )
        .default([]),
      /** MSH-11: P is production. A test gateway takes T and D. */
      processingIds: z
        .array(z.enum(["P", "T", "D"]))
        .min(1)
        .default(["P"]),
      mostConnections: z.number().int().min(1).default(50),
      /** A message that was begun is whole in this time. */
      messageSeconds: Seconds.default(60),
      /** A connection without a word. */
      idleSeconds: Seconds.default(3600),
    })
    .optional(),
  applicationEntities: z.array(ApplicationEntity).default([]),
  http: z
    .object({ host: z.string().min(1).default("127.0.0.1"), port: Port.default(8042) })
    .default({ host: "127.0.0.1", port: 8042 }),
  /** What today's lists need, kept for when the region is away (docs/adr/0013). */
  cache: z
    .object({
      mostBytes: z.number().int().min(1),
      /** Older than this nothing is shown. */
      oldestHours: z.number().positive().max(72).default(24),
      /** How often the region is asked what is needed, and what of it was corrected. */
      checkSeconds: Seconds.max(45).default(20),
    })
    .optional(),
  forward: z
    .object({
      /** Objects on the line at once. */
      atOnce: z.number().int().min(1).max(32).default(4),
      /** For a slow line that others use too. */
      bytesPerSecond: z.number().int().min(1024).optional(),
      longestWaitSeconds: Seconds.default(300),
    })
    .default({ atOnce: 4, longestWaitSeconds: 300 }),
  /** By modality, where neither the sender nor its own entry says more. */
  urgencyOfModality: z.record(z.string(), z.enum(URGENCIES)).default({}),
  leastFreeBytes: z
    .number()
    .int()
    .min(0)
    .default(2 * 1024 ** 3),
  /** A storage commitment waits so long for the region's word on what it names. */
  commitmentWaitSeconds: Seconds.default(3600),
  /** The answer to a STOW waits so long for the region's word on its objects; then it says that they are on their way. */
  stowWaitSeconds: Seconds.default(20),
  ledgerDays: z.number().int().min(1).default(90),
});
export type EdgeConfig = z.output<typeof EdgeConfig>;

/** One clear line that names what is wrong, never a value. */
export class EdgeConfigInvalid extends Error {
  readonly code = "EDGE_CONFIG_INVALID";
}

type Environment = Record<string, string | undefined>;

function fileOf(name: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(name, "utf8"));
    return z.record(z.string(), z.unknown()).parse(parsed);
  } catch (error) {
    const why = error instanceof SyntaxError ? "is no JSON" : "can't be read";
    throw new EdgeConfigInvalid(`The configuration file ${name} ${why}. See docs/gateway.md.`);
  }
}

/** Secrets and places may come from the environment instead, over what the file says. */
function withEnvironment(file: Record<string, unknown>, env: Environment): Record<string, unknown> {
  const region = z.record(z.string(), z.unknown()).catch({}).parse(file.region);
  return {
    ...file,
    ...(env.WEALD_EDGE_HOME ? { home: env.WEALD_EDGE_HOME } : {}),
    region: { ...region, ...(env.WEALD_EDGE_SECRET ? { clientSecret: env.WEALD_EDGE_SECRET } : {}) },
  };
}

/** @throws {EdgeConfigInvalid} `EDGE_CONFIG_INVALID` */
export function readConfig(env: Environment): EdgeConfig {
  const name = path.resolve(env.WEALD_EDGE_CONFIG ?? "/etc/weald-edge/config.json");
  const parsed = EdgeConfig.safeParse(withEnvironment(fileOf(name), env));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => issue.path.join(".")).join(", ");
  throw new EdgeConfigInvalid(
    `The configuration file ${name} lacks or spoils: ${wrong}. See docs/gateway.md.`,
  );
}
