import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { gatewayToken } from "../identity/index.ts";
import { members } from "../people/index.ts";
import { type SentFile, sendingApi, sendSources, sourcesIn } from "../send/index.ts";
import { runningRegion } from "./region-of.ts";

const USAGE = `npm run send -- --trust RXC [--json] [--timeout SECONDS] PATH…
  --trust    whose images they are: ${members.map(({ odsCode }) => odsCode).join(", ")}
  --json     a line of JSON for each file, and a last line of counts
  --timeout  give up after so many seconds without progress (600)`;
const TOKEN_LIVES_MS = 50 * 60_000;

function wrong(why: string): number {
  console.error(`${why}\n${USAGE}`);
  return 2;
}

function counts(results: readonly SentFile[]): Record<string, number> {
  const all: Record<string, number> = {
    accepted: 0,
    duplicate: 0,
    alternate: 0,
    quarantined: 0,
    skipped: 0,
    waiting: 0,
  };
  for (const { outcome } of results) all[outcome ?? "waiting"] = (all[outcome ?? "waiting"] ?? 0) + 1;
  return all;
}

const asJson = ({ file, outcome, code, message }: SentFile) =>
  JSON.stringify({
    file,
    outcome: outcome ?? null,
    ...(code ? { code } : {}),
    ...(message ? { message } : {}),
  });
const asText = ({ file, outcome, code, message }: SentFile) =>
  [(outcome ?? "no outcome").padEnd(12), file, code ? `[${code}]` : "", message ?? ""]
    .filter(Boolean)
    .join("  ");

/** A token is asked for again before it ends: a large sending outlives one. */
function keptToken(ask: () => Promise<string>): () => Promise<string> {
  let kept: { token: Promise<string>; at: number } | undefined;
  return () => {
    if (!kept || Date.now() - kept.at > TOKEN_LIVES_MS) kept = { token: ask(), at: Date.now() };
    return kept.token;
  };
}

/** Sends a trust's files as its gateway would, and says how each came out. */
export async function run(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : "That can't be read.");
  }
  const { values, positionals: paths } = parsed;
  const trust = members.find(({ odsCode }) => odsCode === values.trust);
  const timeoutSeconds = Number(values.timeout);
  if (!trust) return wrong(values.trust ? `${values.trust} is no member of this region.` : "Say --trust.");
  if (paths.length === 0) return wrong("Say what to send.");
  if (!(timeoutSeconds > 0)) return wrong("--timeout is a number of seconds.");
  const missing = paths.find((one) => !existsSync(one));
  if (missing) return wrong(`${missing} isn't there.`);

  const { portalUrl, issuer, keys } = await runningRegion();
  const secret = keys.gatewaySecrets[trust.odsCode] ?? "";
  const token = keptToken(() => gatewayToken({ issuer, portalUrl, odsCode: trust.odsCode, secret }));
  const say = values.json ? asJson : asText;
  const results = await sendSources(sourcesIn(paths), {
    api: sendingApi(portalUrl, token),
    timeoutMs: timeoutSeconds * 1000,
    onResult: (result) => console.log(say(result)),
  });
  const told = results.filter(({ code }) => code === "NO_OUTCOME_YET");
  for (const result of told) console.log(say(result));
  const all = counts(results);
  console.log(
    values.json
      ? JSON.stringify({ files: results.length, ...all })
      : `${results.length} files: ${Object.entries(all)
          .map(([name, count]) => `${count} ${name}`)
          .join(", ")}`,
  );
  return all.waiting ? 1 : 0;
}

const parse = (args: string[]) =>
  parseArgs({
    args,
    allowPositionals: true,
    options: {
      trust: { type: "string" },
      json: { type: "boolean", default: false },
      timeout: { type: "string", default: "600" },
    },
  });
