import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { createDicomwebPeer } from "@weald/adapters/peer/dicomweb";
import { createDimsePeer } from "@weald/adapters/peer/dimse";
import { gatewayToken } from "../identity/index.ts";
import {
  csvReport,
  dicomwebOffers,
  folderOffers,
  ImportState,
  importByMove,
  importObjects,
  type Offer,
  type Reconciliation,
  textReport,
} from "../import/index.ts";
import { members } from "../people/index.ts";
import { keptToken, sendingApi } from "../send/index.ts";
import { runningRegion } from "./region-of.ts";

const USAGE = `npm run import -- --trust RXC DIR
npm run import -- --trust RXC --from-dicomweb URL [--token-file FILE] [--from 20200101] [--to 20251231] [--patients FILE]
npm run import -- --trust RXC --from-dimse OLDPACS@host:104 --as IMPORT [--destination WEALD] --from 20200101 --to 20251231
  --trust          whose images they become: ${members.map(({ odsCode }) => odsCode).join(", ")}
  --per-second     at most so many objects a second
  --mb-per-second  at most so many megabytes a second
  --patients       a file with one Patient ID of the old archive on each line
  --as             our AE title, as the old archive knows it
  --destination    the gateway's AE title, to which the old archive sends (WEALD)
  --state          what was dealt with is kept here; the same file goes on where it was stopped
  --report         where the report goes, without .txt and .csv
  --timeout        give up after so many seconds without progress (600)`;

const OPTIONS = {
  trust: { type: "string" },
  "from-dicomweb": { type: "string" },
  "from-dimse": { type: "string" },
  as: { type: "string" },
  destination: { type: "string", default: "WEALD" },
  "token-file": { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  patients: { type: "string" },
  "per-second": { type: "string" },
  "mb-per-second": { type: "string" },
  state: { type: "string" },
  report: { type: "string" },
  timeout: { type: "string", default: "600" },
} as const;

const parse = (args: string[]) => parseArgs({ args, allowPositionals: true, options: OPTIONS });
type Values = ReturnType<typeof parse>["values"];

class WrongUsage extends Error {}

function positive(name: keyof Values, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new WrongUsage(`--${name} is a number above 0.`);
  return value;
}

function day(name: "from" | "to", text: string | undefined): string | undefined {
  if (text === undefined || /^\d{8}$/.test(text)) return text;
  throw new WrongUsage(`--${name} is a day, as 20260131.`);
}

type Run = {
  api: ReturnType<typeof sendingApi>;
  rates: { objectsPerSecond: number | undefined; megabytesPerSecond: number | undefined };
  timeoutMs: number;
  /** Where files of this import may lie, by the beginning of their names. */
  base: string;
  state: string | undefined;
  onFound?: (counts: { found: number; dealtWith: number }) => void;
};

/** The source, and the words by which its state is known again. */
type Wanted = { source: string; bring(trust: string, run: Run): Promise<Reconciliation> };

const progressOf = ({ onFound }: Run) => (onFound ? { onFound } : {});

/** Objects that come one by one, with a state of what was dealt with. */
const oneByOne = (source: string, offers: (folder: string) => AsyncIterable<Offer>): Wanted => ({
  source,
  async bring(trust, run) {
    const { api, rates, timeoutMs, base } = run;
    const state = await ImportState.open(run.state ?? `${base}.state`, { trust, source });
    const options = { api, state, rates, timeoutMs, ...progressOf(run) };
    return importObjects(offers(`${base}.fetched`), options).finally(() => state.close());
  },
});

const linesOf = (file: string) =>
  readFileSync(file, "utf8")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);

function fromDicomweb(url: string, values: Values): Wanted {
  const tokenFile = values["token-file"];
  // Read for each request: a file that is written anew keeps a long pull alive.
  const token = tokenFile ? async () => readFileSync(tokenFile, "utf8").trim() : undefined;
  const peer = createDicomwebPeer({ url, token });
  const [from, to] = [day("from", values.from), day("to", values.to)];
  const patientIds = values.patients ? linesOf(values.patients) : [];
  const range = { ...(from ? { from } : {}), ...(to ? { to } : {}) };
  return oneByOne(url, (folder) => dicomwebOffers(peer, { ...range, patientIds }, folder));
}

function fromDimse(address: string, values: Values): Wanted {
  const [, title, host, port] = /^([^@]{1,16})@([^:]+):(\d{1,5})$/.exec(address) ?? [];
  if (!title || !host || !port) throw new WrongUsage("--from-dimse is AE@host:port.");
  if (!values.as) throw new WrongUsage("Say --as which AE title.");
  const [from, to] = [day("from", values.from), day("to", values.to)];
  const patientIds = values.patients ? linesOf(values.patients) : [];
  // Archives cut a long answer without saying so: it is asked for day by day, or patient by patient.
  if (patientIds.length === 0 && !(from && to)) throw new WrongUsage("Say --from and --to, or --patients.");
  const peer = createDimsePeer({ host, port: Number(port), title, as: values.as });
  const wanted = { ...(from ? { from } : {}), ...(to ? { to } : {}), patientIds };
  return {
    source: address,
    bring: (_trust, run) => importByMove({ ...run, peer, wanted, to: values.destination }),
  };
}

function wantedOf(values: Values, positionals: readonly string[]): Wanted {
  const url = values["from-dicomweb"];
  const [folder] = positionals;
  if (url && folder) throw new WrongUsage("Say a folder or --from-dicomweb, not both.");
  if (values["from-dimse"]) return fromDimse(values["from-dimse"], values);
  if (url) return fromDicomweb(url, values);
  if (!folder) throw new WrongUsage("Say what to import.");
  if (!existsSync(folder)) throw new WrongUsage(`${folder} isn't there.`);
  const full = path.resolve(folder);
  return oneByOne(full, () => folderOffers(full));
}

function trustOf(values: Values): string {
  if (!values.trust) throw new WrongUsage("Say --trust.");
  const trust = members.find(({ odsCode }) => odsCode === values.trust);
  if (!trust) throw new WrongUsage(`${values.trust} is no member of this region.`);
  return trust.odsCode;
}

const nameOf = (trust: string, source: string) =>
  `${trust}-${createHash("sha256").update(source).digest("hex").slice(0, 12)}`;

async function importAll(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const trust = trustOf(values);
  const { source, bring } = wantedOf(values, positionals);
  const rates = {
    objectsPerSecond: positive("per-second", values["per-second"]),
    megabytesPerSecond: positive("mb-per-second", values["mb-per-second"]),
  };
  const timeoutMs = (positive("timeout", values.timeout) ?? 600) * 1000;
  const { home, portalUrl, issuer, keys } = await runningRegion();
  const base = path.join(home, "imports", nameOf(trust, source));
  const secret = keys.gatewaySecrets[trust] ?? "";
  const token = keptToken(() => gatewayToken({ issuer, portalUrl, odsCode: trust, secret }));
  const isTerminal = process.stderr.isTTY;
  const told = await bring(trust, {
    api: sendingApi(portalUrl, token, "import"),
    rates,
    timeoutMs,
    base,
    state: values.state,
    ...(isTerminal
      ? {
          onFound: ({ found, dealtWith }: { found: number; dealtWith: number }) =>
            process.stderr.write(`\r\u001b[K${found} found, ${dealtWith} dealt with`),
        }
      : {}),
  });
  if (isTerminal) process.stderr.write("\r\u001b[K");
  const report = values.report ?? `${base}.report`;
  await mkdir(path.dirname(report), { recursive: true });
  const text = textReport(trust, told);
  await writeFile(`${report}.txt`, text, { mode: 0o600 });
  await writeFile(`${report}.csv`, csvReport(told), { mode: 0o600 });
  console.log(`${text}\nThe report is in ${report}.txt and ${report}.csv`);
  return told.differences.length > 0 ? 1 : 0;
}

/** Brings a trust's old images in, from a folder or from its old archive, and reckons up what is here. */
export async function run(args: string[]): Promise<number> {
  try {
    return await importAll(args);
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
}
