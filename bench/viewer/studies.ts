import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { type DemoStudy, demoStudies, filesOf, studyUidOf } from "@weald/dev-env/phantoms";
import { send } from "@weald/tests/e2e/portal.ts";
import { stow } from "../archive/ask.ts";
import type { Peer } from "../archive/peer.ts";

const run = promisify(execFile);

/** What is opened: one study cold, and its like warm, so that no pixel of it is in the browser yet. */
export type Case = {
  name: string;
  slices: number;
  cold: DemoStudy;
  warm: DemoStudy;
  syntax: "plain" | "JPEG-LS";
};

function made(key: string, slices: number, at: number): DemoStudy {
  return {
    key: `bench-viewer-abdomen-${key}`,
    patient: "hollis",
    custodian: "RXC",
    site: "Conquest",
    kind: "ct-chest",
    daysAgo: 0,
    time: `2${String(at).padStart(2, "0")}500`,
    description: `CT Abdomen bench ${key}`,
    procedure: "CABDO",
    bodyPart: "ABDOMEN",
    special: { slices },
  };
}

/** So that it hangs in one viewport, as it does in OHIF: a CT of the chest hangs in two here. */
const ONE_VIEWPORT = ["-m", "(0018,0015)=ABDOMEN", "-m", "(0008,103e)=Abdomen 1 mm"];

const ct = (slices: number, syntax: Case["syntax"], at: number): Case => {
  const key = `${slices} ${syntax}`;
  return {
    name: `CT of ${slices}, ${syntax}`,
    slices,
    syntax,
    cold: made(`${key} cold`, slices, at),
    warm: made(`${key} warm`, slices, at + 1),
  };
};

const demo = (key: string): DemoStudy => {
  const found = demoStudies.find((study) => study.key === key);
  if (!found) throw new Error(`the demonstration has no ${key}`);
  return found;
};

export const CASES: readonly Case[] = [
  {
    name: "demonstration, CT of 80",
    slices: 80,
    syntax: "plain",
    cold: demo("hollis-ct-chest"),
    warm: demo("zielinski-ct-1"),
  },
  ct(300, "plain", 0),
  ct(300, "JPEG-LS", 2),
  ct(1000, "plain", 4),
];

/** Written once, so that both sides store the same bytes; compressed by DCMTK, which keeps each object's UID. */
const isBench = ({ key }: DemoStudy) => key.startsWith("bench");

async function write(study: DemoStudy, { syntax }: Case, folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const file of filesOf(study, isBench(study) ? "large" : "small")) {
    if (file.kind !== "dicom" || file.path.includes("-again")) continue;
    const target = path.join(folder, file.path);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, file.bytes);
    if (syntax === "JPEG-LS") await run("dcmcjpls", ["--encode-lossless", target, target]);
    files.push(target);
  }
  for (let from = 0; isBench(study) && from < files.length; from += 100)
    await run("dcmodify", ["-nb", ...ONE_VIEWPORT, ...files.slice(from, from + 100)]);
  return files;
}

async function countAt(orthanc: Peer, study: DemoStudy): Promise<number> {
  const answer = await fetch(
    `${orthanc.dicomweb}/instances?StudyInstanceUID=${studyUidOf(study)}&limit=2000`,
  );
  const found: unknown = answer.status === 200 ? await answer.json() : [];
  return Array.isArray(found) ? found.length : 0;
}

/** Both sides get what they don't hold yet. */
export async function bringStudies(
  orthanc: Peer,
  cases: readonly Case[],
  isInWeald: (study: DemoStudy) => Promise<boolean>,
) {
  for (const one of cases)
    for (const study of new Set([one.cold, one.warm])) {
      const isDemo = !isBench(study);
      const [here, there] = [
        isDemo || (await isInWeald(study)),
        (await countAt(orthanc, study)) >= one.slices,
      ];
      if (here && there) continue;
      const folder = mkdtempSync(path.join(tmpdir(), "weald-bench-viewer-"));
      try {
        const files = await write(study, one, folder);
        if (!here) await send("RXC", [folder]);
        for (let from = 0; !there && from < files.length; from += 20)
          await stow(
            orthanc,
            files.slice(from, from + 20).map((file) => readFileSync(file)),
          );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
}
