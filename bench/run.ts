// `npx pnpm bench [NAME …]`: what we claim about speed, printed as JSON with the machine and kept in bench/results/.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { archive } from "./archive.ts";
import { coldStart } from "./cold-start.ts";
import { measureFirstImage } from "./first-image.ts";
import { ingest } from "./ingest.ts";
import { lists } from "./lists.ts";
import { machine } from "./machine.ts";
import { mdt } from "./mdt.ts";
import { opening } from "./opening.ts";
import { packing } from "./packing.ts";
import { packsLine } from "./packs-line.ts";
import { packsReal } from "./packs-real.ts";
import { packsViewer } from "./packs-viewer.ts";
import { patientLink } from "./patient-link.ts";
import { query } from "./query.ts";
import { tenYears } from "./ten-years.ts";
import { viewerSpeed } from "./viewer-speed.ts";
import { waist } from "./waist.ts";

const benches: Record<string, () => Promise<unknown>> = {
  ingest,
  query,
  lists,
  "ten-years": tenYears,
  archive,
  mdt,
  packing,
  opening,
  "packs-line": packsLine,
  "packs-real": packsReal,
  "packs-viewer": packsViewer,
  waist,
  "cold-start": coldStart,
  "first-image": measureFirstImage,
  "viewer-speed": viewerSpeed,
  "patient-link": patientLink,
};

/** Takes hours and tens of gigabytes: only when it is asked for. */
const LONG = new Set(["ten-years"]);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}

const results = path.join(import.meta.dirname, "results");
mkdirSync(results, { recursive: true });
for (const [name, run] of Object.entries(benches)) {
  if (asked.length > 0 ? !asked.includes(name) : LONG.has(name)) continue;
  const at = new Date().toISOString();
  const report = `${JSON.stringify({ bench: name, at, machine: machine(), results: await run() }, null, 2)}\n`;
  writeFileSync(path.join(results, `${name}-${at.slice(0, 10)}.json`), report);
  process.stdout.write(report);
}
// A pool that a region of this process keeps warm holds it open.
process.exit(0);
