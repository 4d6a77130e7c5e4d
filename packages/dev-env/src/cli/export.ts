import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import {
  type Exported,
  ExportFolder,
  exportRecords,
  takeoutApi,
  verifyExport,
  type Whose,
} from "../export/index.ts";
import { personToken } from "../identity/index.ts";
import { findPerson, members } from "../people/index.ts";
import { keptToken, portalCaller } from "../send/index.ts";
import { runningRegion } from "./region-of.ts";

const USAGE = `npm run export -- --as PERSON --trust RXC OUTDIR             a trust leaves
npm run export -- --as PERSON --patient 9990000018 OUTDIR    by NHS number: what PERSON's trust holds
npm run export -- --as PERSON --patient RXC:RXC-1001 OUTDIR  by local number
npm run export -- --verify OUTDIR
  --as  who takes it out, as npm run token knows them: a PACS manager, or for one patient a privacy officer of the trust`;

class WrongUsage extends Error {}

const parse = (args: string[]) =>
  parseArgs({
    args,
    allowPositionals: true,
    options: {
      as: { type: "string" },
      trust: { type: "string" },
      patient: { type: "string" },
      verify: { type: "boolean", default: false },
    },
  });
type Values = ReturnType<typeof parse>["values"];

/** Of whom, and of which trust where that was said. */
function whoseOf({ trust, patient }: Values): { whose: Whose; trust: string | undefined } {
  if ((trust === undefined) === (patient === undefined)) throw new WrongUsage("Say --trust or --patient.");
  if (trust !== undefined) return { whose: { kind: "trust" }, trust };
  const [, custodian, localNumber] = /^([A-Z0-9]{3,6}):(.+)$/.exec(patient ?? "") ?? [];
  if (custodian && localNumber) return { whose: { kind: "local-number", localNumber }, trust: custodian };
  return { whose: { kind: "nhs-number", nhsNumber: patient ?? "" }, trust: undefined };
}

function personOf(as: string | undefined, trust: string | undefined) {
  if (!as) throw new WrongUsage("Say --as whom.");
  const found = findPerson(as);
  if (!found) throw new WrongUsage(`Nobody is called ${as}.`);
  const { organisation } = found.contract;
  if (trust !== undefined && !members.some(({ odsCode }) => odsCode === trust))
    throw new WrongUsage(`${trust} is no member of this region.`);
  if (trust !== undefined && trust !== organisation)
    throw new WrongUsage(`${as} works for ${organisation}, and takes out nothing of ${trust}.`);
  return found;
}

async function verify(folder: string): Promise<number> {
  const { files, wrong } = await verifyExport(folder);
  for (const { file, why } of wrong) console.log(`${why}  ${file}`);
  console.log(
    wrong.length === 0
      ? `${files} files, all as they were written.`
      : `${wrong.length} of ${files} files are WRONG.`,
  );
  return wrong.length === 0 ? 0 : 1;
}

function tell({ records, studies, objects, notTaken }: Exported, folder: string): void {
  for (const { studyInstanceUid, sopInstanceUid, why } of notTaken)
    console.log(`NOT taken out: ${studyInstanceUid}  ${sopInstanceUid}  ${why}`);
  console.log(`${records} records, ${studies} studies, ${objects} objects are in ${folder}.`);
  console.log(
    notTaken.length === 0
      ? "All of it. Check a copy with: npm run export -- --verify FOLDER, or sha256sum -c SHA256SUMS"
      : "Some could not be had. Start it again with the same folder.",
  );
}

async function take(values: Values, folder: string): Promise<number> {
  const { whose, trust } = whoseOf(values);
  const found = personOf(values.as, trust);
  const { portalUrl, issuer } = await runningRegion();
  const token = keptToken(() => personToken({ issuer, portalUrl, ...found }));
  const told = await exportRecords({
    api: takeoutApi(portalCaller(portalUrl, token)),
    whose,
    folder: await ExportFolder.open(folder, JSON.stringify({ whose, of: found.contract.organisation })),
    ...(process.stderr.isTTY
      ? {
          onProgress: ({ records, objects }: { records: number; objects: number }) =>
            process.stderr.write(`\r\u001b[K${records} records, ${objects} objects`),
        }
      : {}),
  });
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  tell(told, folder);
  return told.notTaken.length === 0 ? 0 : 1;
}

/** Takes a person's or a trust's whole record out, with checksums; or checks one that was taken out. */
export async function run(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    const [named] = positionals;
    if (!named) throw new WrongUsage("Say where to.");
    const folder = path.resolve(named);
    if (!values.verify) return await take(values, folder);
    if (!existsSync(path.join(folder, "SHA256SUMS")))
      throw new WrongUsage(`${folder} holds no finished export.`);
    return await verify(folder);
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
}
