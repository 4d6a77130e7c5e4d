import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import { startTestCluster } from "@weald/dev-env/postgres";
import { Region } from "@weald/dev-env/region";
import { bytesSource } from "@weald/dev-env/send";
import { mintUid } from "@weald/dicom";
import { picture } from "@weald/tests/fixtures/picture.ts";
import pg from "pg";

const IMAGES = 100;
const ROUNDS = 300;
const WARM = 30;
const GOAL = 3;

/** `name`: by which the connection keeps its plan; the bare driver's does, too. */
type Statement = { name: string | undefined; text: string; values: unknown[] };

/** What a viewer asks for before the first byte of a picture: the study, its series' first page, and the addresses of all of it. */
async function opened(ctx: Ctx, studyId: string): Promise<number> {
  const { series } = await Study.open(ctx, { studyId });
  let signed = 0;
  for (const { seriesId } of series) {
    const { instances } = await Study.readSeries(ctx, { seriesId });
    const packIds = [...new Set(instances.flatMap(({ packed }) => (packed ? [packed.packId] : [])))];
    const instanceIds = instances.map(({ instanceId }) => instanceId);
    const { objects } = await Study.signObjects(ctx, { studyId, instanceIds, packIds });
    signed += objects.length;
  }
  return signed;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const isTransactions = (text: string) =>
  /^(BEGIN|COMMIT|ROLLBACK|START TRANSACTION|SAVEPOINT|RELEASE)/i.test(text);

/** The statements that work sends, as the driver is given them. */
async function statementsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const told: Statement[] = [];
  const query = Reflect.get(pg.Client.prototype, "query");
  Reflect.set(pg.Client.prototype, "query", function heard(this: pg.Client, ...args: unknown[]) {
    const [asked, values] = args;
    const text =
      typeof asked === "string" ? asked : asked instanceof Object ? Reflect.get(asked, "text") : undefined;
    const given: unknown = asked instanceof Object ? (Reflect.get(asked, "values") ?? values) : values;
    const name: unknown = asked instanceof Object ? Reflect.get(asked, "name") : undefined;
    if (typeof text === "string" && !isTransactions(text))
      told.push({
        name: typeof name === "string" ? name : undefined,
        text,
        values: Array.isArray(given) ? given : [],
      });
    return Reflect.apply(query, this, args);
  });
  try {
    await work();
  } finally {
    Reflect.set(pg.Client.prototype, "query", query);
  }
  return told;
}

/** A row that is written has an id of its own each time. */
function again({ name, text, values }: Statement) {
  const kept = name ? { name } : {};
  if (!/^\s*INSERT/i.test(text)) return { ...kept, text, values };
  const at = values.findIndex((value) => typeof value === "string" && UUID.test(value));
  return { ...kept, text, values: values.map((value, index) => (index === at ? randomUUID() : value)) };
}

async function replayed(client: pg.Client, statements: readonly Statement[]): Promise<void> {
  await client.query("BEGIN");
  for (const statement of statements) await client.query(again(statement));
  await client.query("COMMIT");
}

const at = (times: readonly number[], share: number) =>
  Number((times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? 0).toFixed(2));

async function compared(region: Region, ctx: Ctx, studyId: string) {
  const statements = await statementsOf(() => opened(ctx, studyId));
  const client = new pg.Client({ connectionString: region.environment.WEALD_DATABASE_URL });
  await client.connect();
  const [ours, bare]: [number[], number[]] = [[], []];
  let signed = 0;
  for (let round = 0; round < ROUNDS + WARM; round += 1) {
    const from = performance.now();
    signed = await opened(ctx, studyId);
    const between = performance.now();
    await replayed(client, statements);
    if (round < WARM) continue;
    ours.push(between - from);
    bare.push(performance.now() - between);
  }
  await client.end();
  const p95 = Number((at(ours, 0.95) / at(bare, 0.95)).toFixed(2));
  return {
    ...{ statements: statements.length, signed },
    opening: { p50: at(ours, 0.5), p95: at(ours, 0.95) },
    "the same statements, bare": { p50: at(bare, 0.5), p95: at(bare, 0.95) },
    "p95, ratio": p95,
    isWithinGoal: p95 <= GOAL,
  };
}

/** From the action to signed addresses of a study of 100 images, beside the same statements by the driver alone, in one transaction; by turns. */
export async function opening() {
  const cluster = await startTestCluster();
  process.env.WEALD_TEST_POSTGRES = cluster.adminUrl;
  const region = await Region.create();
  try {
    const [study, series] = [mintUid(), mintUid()];
    const sources = Array.from({ length: IMAGES }, (_, index) =>
      bytesSource(
        `${index}.dcm`,
        "dicom",
        picture({ study, series, number: index + 1, side: 64, localNumber: "OPEN-1" }),
      ),
    );
    await region.send("RXC", sources);
    await region.drain();
    const client = new pg.Client({ connectionString: region.environment.WEALD_QUEUE_URL });
    await client.connect();
    const { rows } = await client.query<{ id: string }>("SELECT id FROM study");
    await client.end();
    const studyId = rows[0]?.id ?? "";
    const ctx = await region.signedIn("amara.okafor@RXC");
    const asRows = await compared(region, ctx, studyId);
    await region.fold();
    return {
      images: IMAGES,
      rounds: ROUNDS,
      goal: GOAL,
      rows: asRows,
      folded: await compared(region, ctx, studyId),
    };
  } finally {
    await region.stop();
    await cluster.stop();
  }
}
