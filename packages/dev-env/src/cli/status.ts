import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { closeQueues, createQueueConsumer } from "@weald/adapters/queue/postgres";
import { homeFrom, ownerOf, secretsAt, wealdVersion } from "../supervisor/index.ts";

const TAIL_BYTES = 200_000;
const MOST_ERRORS = 5;

const isError = (line: string) => /"level":"(error|warn)"|\b(ERROR|FATAL|PANIC)\b|⨯/.test(line);

function lastErrors(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".log"))
    .flatMap((name) => {
      const text = readFileSync(path.join(folder, name), "utf8").slice(-TAIL_BYTES);
      return text
        .split("\n")
        .filter(isError)
        .slice(-MOST_ERRORS)
        .map((line) => `  ${name}: ${line.slice(0, 220)}`);
    });
}

async function queueAges(url: string): Promise<string[]> {
  try {
    const depths = await createQueueConsumer(url).depths();
    return depths.map(
      ({ queue, waiting, oldestSeconds }) =>
        `  ${queue}: ${waiting} waiting, oldest ${Math.round(oldestSeconds)} s`,
    );
  } catch (error) {
    return [`  the database doesn't answer: ${error instanceof Error ? error.message : "unknown"}`];
  } finally {
    await closeQueues(url);
  }
}

const answers = async (url: string) =>
  fetch(url, { redirect: "manual", signal: AbortSignal.timeout(3000) }).then(
    () => "answers",
    () => "does not answer",
  );

/** Ports, versions, log folder, queue ages, last errors; also of a region that is stopped. */
export async function run(): Promise<number> {
  const home = homeFrom(process.env);
  const logs = path.join(home, "logs");
  const owner = ownerOf(home);
  console.log(
    `Weald ${wealdVersion()}, Node ${process.version}, PostgreSQL 18\nHome: ${home}\nLogs: ${logs}`,
  );
  if (owner) {
    const url = (offset: number) => `http://127.0.0.1:${owner.basePort + offset}`;
    console.log(`Running since ${owner.startedAt}, process ${owner.pid}`);
    console.log(`  portal             ${url(0)}  ${await answers(`${url(0)}/sign-in`)}`);
    console.log(`  object store       ${url(1)}  ${await answers(url(1))}`);
    console.log(
      `  identity provider  ${url(2)}  ${await answers(`${url(2)}/.well-known/openid-configuration`)}`,
    );
    console.log(`  database           127.0.0.1:${owner.basePort + 3}`);
    const { postgresPassword } = secretsAt(home);
    const ages = await queueAges(
      `postgresql://postgres:${postgresPassword}@127.0.0.1:${owner.basePort + 3}/weald`,
    );
    console.log(`Queues:\n${ages.join("\n") || "  all empty"}`);
  } else {
    console.log("Not running. Start it with: npm start");
  }
  const errors = lastErrors(logs);
  console.log(`Last errors and warnings:\n${errors.join("\n") || "  none"}`);
  return 0;
}
