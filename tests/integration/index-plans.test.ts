import * as Study from "@weald/core/study";
import { startTestCluster, type TestCluster } from "@weald/dev-env/postgres";
import { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Look,
  type Lookers,
  listLooks,
  lookersOf,
  patientLooks,
  pollLooks,
  queryLooks,
} from "../fixtures/looks.ts";
import { addTies, fillWithStudies, indexAsWritten } from "../fixtures/many-studies.ts";
import { asOwner, type Explained, explained } from "../fixtures/plans.ts";

const FILLING = { studies: 200_000, patients: 80_000, from: 0, reports: true };

/** Half a minute by itself; a suite loads the machine. */
const FILLED_WITHIN_MS = 600_000;

let cluster: TestCluster;
let region: Region;
let database: Explained;
const ofTheRun = process.env.WEALD_TEST_POSTGRES;
beforeAll(async () => {
  // Of its own: what fills it is one long transaction, behind which the change cursors of a whole cluster stand still.
  cluster = await startTestCluster();
  process.env.WEALD_TEST_POSTGRES = cluster.adminUrl;
  region = await Region.create();
  await fillWithStudies(region, FILLING);
  await addTies(region, region.as("ines.marlow").actor.id, 60);
  database = await explained(region, cluster.logFile);
}, FILLED_WITHIN_MS);
afterAll(async () => {
  await database.stop();
  await region.stop();
  await cluster.stop();
  process.env.WEALD_TEST_POSTGRES = ofTheRun;
});

const lookers = (): Lookers =>
  lookersOf(region, (ctx) => ({ ...ctx, service: { ...ctx.service, db: database.db } }));
/** A patient and a study that stand somewhere in the midst. */
const N = 4711;
/** So often that PostgreSQL has its plan for any values, where it takes one. */
const TIMES = 7;
const readWhole = (look: Look) =>
  database.readWhole(async () => {
    for (let time = 0; time < TIMES; time += 1) await look(lookers(), N);
  });

describe("at 200,000 studies no large table is read from end to end, nor a tenth of it, by", () => {
  const looks = {
    "the worklist": listLooks,
    "a patient": patientLooks,
    polling: pollLooks,
    QIDO: queryLooks,
  };
  for (const [who, ways] of Object.entries(looks))
    it.for(Object.entries(ways))(`${who}: %s`, async ([, look]) => expect(await readWhole(look)).toEqual([]));
});

/** How often PostgreSQL made a plan for a look's own values. */
async function plansOf(look: Look): Promise<number> {
  const made = () =>
    database.db.transaction(
      { organisation: null, patients: [], now: new Date() },
      (tx) => tx.$queryRaw<[{ made: number }]>`
        SELECT sum(custom_plans)::int AS made FROM pg_prepared_statements WHERE statement !~ 'pg_prepared_statements|begin_as'`,
    );
  const [before] = await made();
  for (let time = 0; time < TIMES; time += 1) await look(lookers(), N);
  const [after] = await made();
  return after.made - before.made;
}

describe("a plan is made", () => {
  const { timeline, priors } = patientLooks;
  const once = {
    "a list's first page": listLooks["first page, radiologist"],
    "a patient's page": timeline,
    "a study's priors": priors,
    "a search by number": queryLooks["studies by AccessionNumber"],
    "a search for one's series": queryLooks["series of a study"],
  };
  it.for(Object.entries(once))("once for all values: %s", async ([, look]) => {
    expect(look && (await plansOf(look))).toBe(0);
  });

  it("for each beginning of a name: one finds ten, another all", async () => {
    const look = queryLooks["studies by PatientName, its beginning"];
    expect(look && (await plansOf(look))).toBeGreaterThanOrEqual(TIMES);
  });
});

/** Of the median of so many looks. */
async function pagesOf(look: Look): Promise<number> {
  const pages: number[] = [];
  for (let time = 0; time < TIMES; time += 1) pages.push(await database.pagesOf(() => look(lookers(), N)));
  return pages.sort((a, b) => a - b)[Math.floor(TIMES / 2)] ?? Number.NaN;
}

describe("a page out of a month, or of a name, takes no more than three times the pages on disk of the newest:", () => {
  const held: Readonly<Record<string, readonly [Look | undefined, Look | undefined]>> = {
    "a month's list": [listLooks["a month, radiologist"], listLooks["first page, radiologist"]],
    "a month's list, of a radiographer": [
      listLooks["a month, radiographer"],
      listLooks["first page, radiographer"],
    ],
    "QIDO by the beginning of a name": [
      // 1,700 studies.
      ({ system }) =>
        Study.findStudies(system, {
          parameters: [
            ["PatientName", "Family21*"],
            ["limit", "100"],
          ],
        }),
      queryLooks["studies by nothing, a page"],
    ],
  };
  it.for(Object.entries(held))("%s", async ([, [look, newest]]) => {
    if (!look || !newest) throw new Error("nobody looks so");
    expect(await pagesOf(look)).toBeLessThan(3 * (await pagesOf(newest)));
  });
});

it("a page of a name that thousands have is the same whether its newest fill it or not", async () => {
  const { cache } = lookers();
  const parameters: [string, string][] = [
    ["PatientName", "Family10*"],
    ["limit", "50"],
    ["offset", "900"],
  ];
  // Of the newest 2,000 of all trusts some 670 are RXC's: 950 aren't among them.
  const [ofWhatItMaySee, ofItsTrust] = [
    await Study.findStudies(cache, { parameters }),
    await Study.findStudies(cache, { custodian: "RXC", parameters }),
  ];
  const uids = ({ matches }: typeof ofWhatItMaySee) => matches.map((one) => one["0020000D"]?.Value?.[0]);
  expect(uids(ofWhatItMaySee)).toHaveLength(50);
  expect(uids(ofWhatItMaySee)).toEqual(uids(ofItsTrust));
});

it("the index columns of studies made for this are those that the region's own triggers write", async () => {
  expect(await indexAsWritten(region)).toEqual({ studies: 3, differ: 0, words: 0, facets: 0 });
});

it("a table that is read from end to end is told, with the statement that does it", async () => {
  await asOwner(region, (owner) => owner.query("DROP INDEX study_accession_number_idx"));
  const look = patientLooks["by accession number"];
  if (!look) throw new Error("nobody looks by accession number");
  const told = expect.objectContaining({
    table: "study",
    statement: expect.stringMatching(/FROM study.*accession_number/),
  });
  expect(await readWhole(look)).toEqual(Array(TIMES).fill(told));
});
