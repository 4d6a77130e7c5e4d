import { setTimeout as wait } from "node:timers/promises";
import type { DimsePeer } from "@weald/adapters/peer/dimse";
import { PeerFailed } from "@weald/adapters/peer/failed";
import type { ReconcilingApi } from "../send/index.ts";
import type { Found } from "./found.ts";
import { pacer, type Rates } from "./pace.ts";
import { type Reconciliation, reconcile } from "./reconcile.ts";

export type DaysOrPatients = { from?: string; to?: string; patientIds: readonly string[] };

export type MoveOptions = {
  api: ReconcilingApi;
  peer: DimsePeer;
  wanted: DaysOrPatients;
  /** The gateway's AE title, as the old archive knows it. */
  to: string;
  rates: Rates;
  /** Of a study of which so long nothing more has arrived the rest is called missing. */
  timeoutMs: number;
  pollMs?: number;
  onFound?(counts: { found: number; dealtWith: number }): void;
};

const DAY_MS = 24 * 3600 * 1000;
const dicomDay = (date: Date) => date.toISOString().slice(0, 10).replaceAll("-", "");
const dateOf = (day: string) => new Date(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`);

function* daysBetween(from: string, to: string): Generator<string> {
  const last = dateOf(to).getTime();
  for (let at = dateOf(from).getTime(); at <= last; at += DAY_MS) yield dicomDay(new Date(at));
}

/** Day by day, patient by patient: archives cut a long answer without saying so. */
async function* studiesOf(peer: DimsePeer, { from, to, patientIds }: DaysOrPatients): AsyncGenerator<string> {
  const seen = new Set<string>();
  const range = { ...(from ? { from } : {}), ...(to ? { to } : {}) };
  const filters =
    patientIds.length > 0
      ? patientIds.map((patientId) => ({ ...range, patientId }))
      : daysOf(from, to).map((day) => ({ from: day, to: day }));
  for (const filter of filters)
    for (const study of await peer.studies(filter)) {
      if (!seen.has(study)) yield study;
      seen.add(study);
    }
}

const daysOf = (from: string | undefined, to: string | undefined): string[] =>
  from && to ? [...daysBetween(from, to)] : [];

async function objectsOf(peer: DimsePeer, study: string): Promise<Found[]> {
  const sops: string[] = [];
  for (const series of await peer.series(study)) sops.push(...(await peer.instances(study, series)));
  return [...new Set(sops)].map((sop) => ({ key: sop, name: sop, study, sop, outcome: undefined }));
}

const whyOf = (error: PeerFailed) => `The old archive did not send it: ${error.message}`;

/**
 * Has an old archive send each study to the trust's gateway, one after another, and counts it there against here. What is
 * here already is not asked for, so it goes on where it was stopped.
 */
export async function importByMove(options: MoveOptions): Promise<Reconciliation> {
  const { api, peer, to, timeoutMs, pollMs = 1000 } = options;
  const pace = pacer({ objectsPerSecond: options.rates.objectsPerSecond });
  const all: Found[] = [];
  let dealtWith = 0;

  const missingOf = async (found: readonly Found[]) =>
    (await reconcile(api, found)).differences.filter(({ code }) => code === undefined).length;

  /** Until all of it has an outcome, or nothing has come for so long. */
  async function arrived(found: readonly Found[]): Promise<void> {
    let missing = await missingOf(found);
    for (let lastMove = Date.now(); missing > 0 && Date.now() - lastMove < timeoutMs; ) {
      await wait(pollMs);
      const now = await missingOf(found);
      if (now < missing) lastMove = Date.now();
      missing = now;
    }
  }

  async function bring(study: string): Promise<Found[]> {
    const found = await objectsOf(peer, study);
    const missing = await missingOf(found);
    if (missing === 0) return found;
    for (let counted = 0; counted < missing; counted += 1) await pace(0);
    try {
      await peer.move(study, to);
    } catch (error) {
      if (!(error instanceof PeerFailed)) throw error;
      return found.map((one) => ({ ...one, code: "NOT_SENT_BY_SOURCE", message: whyOf(error) }));
    }
    await arrived(found);
    return found;
  }

  for await (const study of studiesOf(peer, options.wanted)) {
    all.push(...(await bring(study)));
    dealtWith += 1;
    options.onFound?.({ found: all.length, dealtWith });
  }
  return reconcile(api, all);
}
