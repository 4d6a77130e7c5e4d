import { z } from "zod";
import { OUTCOMES, type Urgency } from "../ledger/index.ts";

/** The region, or its identity provider, said no. */
export class RegionRefused extends Error {
  readonly code: string;
  readonly status: number;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Nobody answered, or the line broke. */
export class RegionAway extends Error {
  readonly code = "REGION_AWAY";
  constructor(cause: unknown) {
    super("The region can't be reached.", { cause });
  }
}

const PASSING = new Set([401, 408, 425, 429]);

/** Does waiting help? The network is away, or what answers is ill, just starting, or wants a fresh token. */
export const isPassing = (error: unknown): boolean =>
  error instanceof RegionAway ||
  (error instanceof RegionRefused && (error.status >= 500 || PASSING.has(error.status)));

/** Nobody is there, or what is there can't answer anybody: the database behind it is away. */
export const isAway = (error: unknown): boolean =>
  error instanceof RegionAway ||
  (error instanceof RegionRefused && error.status >= 500 && error.status !== 501);

const ANSWERS_WITHIN_MS = 60_000;
const TOKEN_SPARE_MS = 60_000;

const Token = z.object({ access_token: z.string(), expires_in: z.number().default(300) });
const Answer = z.object({ result: z.object({ data: z.unknown() }) });
const Refusal = z.object({
  error: z.object({
    message: z.string(),
    data: z.object({ weald: z.object({ code: z.string() }).optional() }),
  }),
});
const Signed = z.object({
  ref: z.string(),
  itemId: z.string(),
  put: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }),
});
export type Signed = z.output<typeof Signed>;
const Outcome = z.object({ itemId: z.string(), outcome: z.enum(OUTCOMES), code: z.string().optional() });
export type RegionOutcome = z.output<typeof Outcome>;

export type Credentials = { id: string; secret: string; scope: string };

export async function reached(request: () => Promise<Response>): Promise<Response> {
  try {
    return await request();
  } catch (error) {
    throw new RegionAway(error);
  }
}

/** Access tokens of one client, each used until shortly before its end. */
export function tokens(
  issuer: string,
  audience: string,
  { id, secret, scope }: Credentials,
  withinMs = ANSWERS_WITHIN_MS,
) {
  let kept: { token: string; until: number } | undefined;

  async function ask(): Promise<string> {
    const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64");
    const answer = await reached(() =>
      fetch(`${issuer}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams({ grant_type: "client_credentials", scope, resource: audience }),
        signal: AbortSignal.timeout(withinMs),
      }),
    );
    if (!answer.ok)
      throw new RegionRefused(
        answer.status,
        "TOKEN_REFUSED",
        `The identity provider answered ${answer.status}.`,
      );
    const { access_token: token, expires_in: seconds } = Token.parse(await answer.json());
    kept = { token, until: Date.now() + seconds * 1000 - TOKEN_SPARE_MS };
    return token;
  }

  return {
    get: async () => (kept && kept.until > Date.now() ? kept.token : ask()),
    /** The region did not take it. */
    drop(): void {
      kept = undefined;
    },
  };
}
export type Tokens = ReturnType<typeof tokens>;

export type RegionClient = {
  beginUpload(): Promise<{ uploadId: string }>;
  signItems(
    uploadId: string,
    files: readonly { ref: string; sizeBytes: number; kind: "dicom" | "hl7"; urgency: Urgency }[],
  ): Promise<Signed[]>;
  readOutcomes(uploadId: string, itemIds: readonly string[]): Promise<RegionOutcome[]>;
};

async function refusalOf(answer: Response): Promise<RegionRefused> {
  const parsed = Refusal.safeParse(await answer.json().catch(() => undefined));
  const code = parsed.success ? (parsed.data.error.data.weald?.code ?? "REFUSED") : "PORTAL_FAILED";
  return new RegionRefused(answer.status, code, `The region answered ${answer.status}.`);
}

export type Calling = {
  /** The region has answered. */
  met?: () => void;
  /** A line that swallows what is sent looks like patience: then it counts as cut. */
  withinMs?: number;
};

/** Calls one procedure of the region's API, a mutation, with a bearer token. */
export function caller(portalUrl: string, token: Tokens, calling: Calling = {}) {
  const { met = () => {}, withinMs = ANSWERS_WITHIN_MS } = calling;
  return async function ask<T extends z.ZodType>(
    procedure: string,
    input: unknown,
    shape: T,
  ): Promise<z.output<T>> {
    const bearer = await token.get();
    const answer = await reached(() =>
      fetch(`${portalUrl}/api/trpc/${procedure}`, {
        method: "POST",
        headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
        body: JSON.stringify(input),
        signal: AbortSignal.timeout(withinMs),
      }),
    );
    if (answer.status === 401) token.drop();
    if (answer.status < 500) met();
    if (!answer.ok) throw await refusalOf(answer);
    const body: unknown = await answer.json().catch((error: unknown) => {
      throw new RegionAway(error);
    });
    return shape.parse(Answer.parse(body).result.data);
  };
}
export type AskRegion = ReturnType<typeof caller>;

/** The region's sending API, as an outside program uses it. */
export function regionClient(ask: AskRegion): RegionClient {
  return {
    beginUpload: () => ask("ingest.beginUpload", { door: "send" }, z.object({ uploadId: z.string() })),
    async signItems(uploadId, files) {
      const { items } = await ask(
        "ingest.signItems",
        { uploadId, files },
        z.object({ items: z.array(Signed) }),
      );
      return items;
    },
    readOutcomes: (uploadId, itemIds) => ask("ingest.readOutcomes", { uploadId, itemIds }, z.array(Outcome)),
  };
}
