import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { composeService } from "@weald/adapters";
import { configFromEnvironment } from "@weald/adapters/config";
import type { Ctx } from "@weald/core/kernel";
import * as Organisation from "@weald/core/organisation";
import * as Patient from "@weald/core/patient";
import { z } from "zod";
import { gatewayToken, type IdentityKeys } from "../identity/index.ts";
import { members, trusts } from "../people/index.ts";
import { demoPatients, demoStudies, filesOf, type Size } from "../phantoms/index.ts";
import { environmentOf } from "../region/index.ts";
import { bytesSource, type Source, sendingApi, sendSources } from "../send/index.ts";
import type { Progress, RunningRegion } from "../supervisor/index.ts";
import { cameTwice } from "./came-twice.ts";

const NO_PROGRESS_MS = 120_000;

export type SeedOptions = { region: RunningRegion; keys: IdentityKeys; progress: Progress; size: Size };

const Done = z.object({ size: z.string(), studies: z.array(z.string()), isMarked: z.boolean() });
type Done = z.output<typeof Done>;

const fileOf = (home: string) => path.join(home, "demonstration.json");

function read(home: string): Done | undefined {
  return existsSync(fileOf(home)) ? Done.parse(JSON.parse(readFileSync(fileOf(home), "utf8"))) : undefined;
}

function write(home: string, done: Done): void {
  writeFileSync(`${fileOf(home)}.new`, JSON.stringify(done));
  renameSync(`${fileOf(home)}.new`, fileOf(home));
}

/** The region's own set-up, by the same actions as everything else. */
async function withSystem(region: RunningRegion, work: (ctx: Ctx) => Promise<void>): Promise<void> {
  const service = composeService(configFromEnvironment(environmentOf(region.places)), { log: () => {} });
  try {
    await work({
      service,
      actor: { kind: "system", id: "set-up" },
      door: "timer",
      correlationId: randomUUID(),
    });
  } finally {
    await service.db.close();
  }
}

async function markSensitive(ctx: Ctx): Promise<void> {
  for (const { sensitive, localNumbers } of demoPatients) {
    if (!sensitive) continue;
    for (const { custodian, number } of localNumbers)
      await Patient.markSensitive(ctx, { custodian, localNumber: number, sensitivities: ["staff"] });
  }
}

function* sourcesOf(keys: readonly string[], size: Size, onStudy: (key: string) => void): Generator<Source> {
  for (const study of demoStudies.filter(({ key }) => keys.includes(key))) {
    onStudy(study.key);
    for (const file of filesOf(study, size)) yield bytesSource(file.path, file.kind, file.bytes);
  }
}

/** After the rest, so that what is sent again meets what is there. */
async function sendAgain({ region, keys, size }: SeedOptions, done: Done): Promise<void> {
  const { portalUrl, issuer, home } = region;
  for (const { key, custodian, files } of cameTwice) {
    if (done.studies.includes(key)) continue;
    const secret = keys.gatewaySecrets[custodian] ?? "";
    const token = gatewayToken({ issuer, portalUrl, odsCode: custodian, secret });
    const sources = [...files(size)].map((file) => bytesSource(file.path, file.kind, file.bytes));
    await sendSources(sources, { api: sendingApi(portalUrl, () => token), timeoutMs: NO_PROGRESS_MS });
    done.studies.push(key);
    write(home, done);
  }
}

/** What is left of the demonstration to send, trust by trust, as each trust's gateway would. A killed start goes on here. */
async function sendRest(options: SeedOptions, done: Done, say: (text: string) => void): Promise<void> {
  const { region, keys, size } = options;
  const { portalUrl, issuer, home } = region;
  let settled = 0;
  for (const { odsCode } of members) {
    const left = demoStudies.filter(
      ({ key, custodian }) => custodian === odsCode && !done.studies.includes(key),
    );
    if (left.length === 0) continue;
    const secret = keys.gatewaySecrets[odsCode] ?? "";
    const token = gatewayToken({ issuer, portalUrl, odsCode, secret });
    const before = settled;
    const results = await sendSources(
      sourcesOf(
        left.map(({ key }) => key),
        size,
        () => {},
      ),
      {
        api: sendingApi(portalUrl, () => token),
        timeoutMs: NO_PROGRESS_MS,
        onProgress: (progress) => {
          settled = before + progress.settled;
          say(`${odsCode}: ${settled} files`);
        },
      },
    );
    const waiting = results.filter(({ outcome }) => outcome === undefined);
    if (waiting.length > 0)
      throw new Error(
        `${waiting.length} files of the demonstration had no outcome. Start again: it goes on where it was.`,
      );
    done.studies.push(...left.map(({ key }) => key));
    write(home, done);
  }
}

/** The demonstration region: its trusts, its patients' images, requests and reports. Once; later starts reuse it. */
export async function seedDemonstration(options: SeedOptions): Promise<void> {
  const { region, progress, size } = options;
  await withSystem(region, async (ctx) => {
    for (const trust of trusts) await Organisation.establish(ctx, trust);
  });
  const done = read(region.home) ?? { size, studies: [], isMarked: false };
  const isSent = [...demoStudies, ...cameTwice].every(({ key }) => done.studies.includes(key));
  const isWhole = isSent && done.isMarked;
  if (isWhole) return;
  await progress.step("Making and sending the demonstration's studies", async (say) => {
    await sendRest(options, done, say);
    await sendAgain(options, done);
  });
  await withSystem(region, markSensitive);
  write(region.home, { ...done, isMarked: true });
}
