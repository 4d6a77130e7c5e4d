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
  /** Absent: nothing is measured warm. */
  warm?: DemoStudy;
  syntax: "plain" | "JPEG-LS";
  /**
   * How often on each line, and in how many of these runs the series is awaited whole and scrolled through: the whole bench fits into
   * a quarter of an hour of a quiet machine's time, and half an hour of a busy one's.
   */
  runs: Readonly<Record<string, { all: number; whole: number }>>;
};

export const LOOPBACK = "loopback";
export const SLOW = "20 Mbit/s, 30 ms";

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

const ct = (slices: number, syntax: Case["syntax"], at: number, runs: Case["runs"]): Case => {
  const key = `${slices} ${syntax}`;
  return {
    name: `CT of ${slices}, ${syntax}`,
    slices,
    syntax,
    runs,
    cold: made(`${key} cold`, slices, at),
  };
};
const withWarm = (one: Case, at: number): Case => ({
  ...one,
  warm: made(`${one.slices} ${one.syntax} warm`, one.slices, at),
});

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
    runs: { [LOOPBACK]: { all: 5, whole: 3 }, [SLOW]: { all: 3, whole: 0 } },
  },
  withWarm(ct(300, "plain", 0, { [LOOPBACK]: { all: 5, whole: 3 }, [SLOW]: { all: 5, whole: 0 } }), 1),
  ct(300, "JPEG-LS", 2, { [LOOPBACK]: { all: 5, whole: 1 } }),
  // What it is for is the memory that a long series takes.
  ct(1000, "plain", 4, { [LOOPBACK]: { all: 2, whole: 1 } }),
];

export const studiesOf = ({ cold, warm }: Case): DemoStudy[] => (warm ? [cold, warm] : [cold]);

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
    for (const study of new Set(studiesOf(one))) {
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
