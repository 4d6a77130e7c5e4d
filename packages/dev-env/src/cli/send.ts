import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { URGENCIES, type Urgency } from "@weald/core/ports";
import { gatewayToken } from "../identity/index.ts";
import { members } from "../people/index.ts";
import { keptToken, type SentFile, sendingApi, sendSources, sourcesIn } from "../send/index.ts";
import { runningRegion } from "./region-of.ts";

const USAGE = `npm run send -- --trust RXC [--urgency urgent] [--json] [--timeout SECONDS] PATH…
  --trust    whose images they are: ${members.map(({ odsCode }) => odsCode).join(", ")}
  --urgency  ${URGENCIES.join(", ")}: what is more urgent is taken in before what is less (routine)
  --json     a line of JSON for each file, and a last line of counts
  --timeout  give up after so many seconds without progress (600)`;

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

type Wanted = { odsCode: string; urgency: Urgency; paths: string[]; timeoutMs: number; isJson: boolean };

/** What is asked for, or the word that says why it can't be. */
function wantedOf(args: string[]): Wanted | string {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return error instanceof Error ? error.message : "That can't be read.";
  }
  const { values, positionals: paths } = parsed;
  const timeoutMs = Number(values.timeout) * 1000;
  if (!values.trust) return "Say --trust.";
  const trust = members.find(({ odsCode }) => odsCode === values.trust);
  if (!trust) return `${values.trust} is no member of this region.`;
  if (paths.length === 0) return "Say what to send.";
  if (!(timeoutMs > 0)) return "--timeout is a number of seconds.";
  const urgency = URGENCIES.find((one) => one === values.urgency);
  if (!urgency) return `--urgency is one of ${URGENCIES.join(", ")}.`;
  const missing = paths.find((one) => !existsSync(one));
  if (missing) return `${missing} isn't there.`;
  return { odsCode: trust.odsCode, urgency, paths, timeoutMs, isJson: values.json };
}

/** On a terminal, beside the lines: how far it is. */
const showProgress = ({ put, settled }: { put: number; settled: number }) =>
  process.stderr.write(`\r\u001b[K${put} sent, ${settled} with an outcome`);

/** Sends a trust's files as its gateway would, and says how each came out. */
export async function run(args: string[]): Promise<number> {
  const wanted = wantedOf(args);
  if (typeof wanted === "string") return wrong(wanted);
  const { odsCode, urgency, paths, timeoutMs, isJson } = wanted;
  const { portalUrl, issuer, keys } = await runningRegion();
  const secret = keys.gatewaySecrets[odsCode] ?? "";
  const token = keptToken(() => gatewayToken({ issuer, portalUrl, odsCode, secret }));
  const clear = process.stderr.isTTY ? () => process.stderr.write("\r\u001b[K") : () => {};
  const results = await sendSources(sourcesIn(paths), {
    api: sendingApi(portalUrl, token),
    urgency,
    timeoutMs,
    ...(process.stderr.isTTY ? { onProgress: showProgress } : {}),
    onResult(result) {
      clear();
      console.log(isJson ? asJson(result) : asText(result));
    },
  });
  clear();
  const all = counts(results);
  const summary = Object.entries(all).map(([name, count]) => `${count} ${name}`);
  console.log(
    isJson
      ? JSON.stringify({ files: results.length, ...all })
      : `${results.length} files: ${summary.join(", ")}`,
  );
  return all.waiting ? 1 : 0;
}

const parse = (args: string[]) =>
  parseArgs({
    args,
    allowPositionals: true,
    options: {
      trust: { type: "string" },
      urgency: { type: "string", default: "routine" },
      json: { type: "boolean", default: false },
      timeout: { type: "string", default: "600" },
    },
  });
