import { spawn } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Binaries, postgresBinaries } from "./binaries.ts";
import { handOver, type RunAs, runAs } from "./run-as.ts";
import { dropMisleadingNote, livingServer } from "./server-process.ts";

export const POSTGRES_MAJOR = "18";
const ENDS_WITHIN_MS = 10_000;

export type PostgresOptions = {
  dataDir: string;
  /** 0 takes a free one. */
  port: number;
  password: string;
  /** Off only in tests. */
  fsync: boolean;
  logFile: string;
  say?: (line: string) => void;
};

export type RunningPostgres = {
  port: number;
  connectionString(database: string, user?: string, password?: string): string;
  stop(): Promise<void>;
};

export class PostgresFailed extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Nothing that a client sent stands in the log: neither statements nor values, which may be a patient's. What fails is
 * told to the client, which logs its code.
 */
const SAYS_NOTHING = [
  "log_min_messages=log",
  "log_min_error_statement=panic",
  "log_error_verbosity=terse",
  "log_statement=none",
  "log_parameter_max_length=0",
  "log_parameter_max_length_on_error=0",
];

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });

function lastLines(logFile: string): string {
  if (!existsSync(logFile)) return "";
  return readFileSync(logFile, "utf8").trim().split("\n").slice(-4).join(" / ");
}

const oneLine = (text: string) => text.trim().replaceAll(/\s*\n\s*/g, " / ");

type Ran = { status: number; output: string };
type Run = (program: keyof Binaries, args: readonly string[]) => Promise<Ran>;

function runner(binaries: Binaries, as: RunAs): Run {
  return (program, args) =>
    new Promise((resolve, reject) => {
      const [command = "", ...rest] = [...as.prefix, binaries[program], ...args];
      const child = spawn(command, rest, {
        env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
        cwd: "/",
        // Ctrl-C is for the region, which then stops the server in its turn.
        detached: true,
        // A server that outlives the launcher must not hold its pipes.
        stdio: args.includes("start") ? "ignore" : ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      child.once("error", reject);
      child.once("close", (status) => resolve({ status: status ?? -1, output: oneLine(output) }));
    });
}

function failedIn(what: string, said: string): PostgresFailed {
  if (/No space left on device/.test(said))
    return new PostgresFailed(
      "DISK_FULL",
      "The disk is full: PostgreSQL can't write. Free 500 MB, or move WEALD_HOME.",
    );
  return new PostgresFailed("POSTGRES_FAILED", `PostgreSQL ${what}: ${said || "it said nothing."}`);
}

function isMade(dataDir: string): boolean {
  const file = path.join(dataDir, "PG_VERSION");
  if (!existsSync(file)) return false;
  const version = readFileSync(file, "utf8").trim();
  if (version === POSTGRES_MAJOR) return true;
  throw new PostgresFailed(
    "DATA_OF_ANOTHER_VERSION",
    `${dataDir} holds data of PostgreSQL ${version}; this Weald runs ${POSTGRES_MAJOR}. Start the Weald that wrote it and make a backup there, or choose another WEALD_HOME.`,
  );
}

/** Made beside and then moved into place: a kill in the middle leaves no half of a database. */
async function initialise(run: Run, as: RunAs, options: PostgresOptions): Promise<void> {
  const { dataDir, password, fsync } = options;
  const beside = `${dataDir}.${process.pid}.new`;
  const passwordFile = `${beside}.password`;
  for (const name of readdirSync(path.dirname(dataDir)))
    if (name.startsWith(`${path.basename(dataDir)}.`) && /\.\d+\.new/.test(name))
      rmSync(path.join(path.dirname(dataDir), name), { recursive: true, force: true, maxRetries: 5 });
  mkdirSync(beside, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const { owner } = as;
  if (owner !== undefined) for (const file of [beside, passwordFile]) chownSync(file, owner, owner);
  try {
    const made = await run("initdb", [
      `--pgdata=${beside}`,
      "--username=postgres",
      "--auth=scram-sha-256",
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--set=timezone=UTC",
      ...(fsync ? [] : ["--no-sync"]),
    ]);
    if (made.status !== 0) throw failedIn("could not make its database", made.output);
    renameSync(beside, dataDir);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(beside, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function stopServer(run: Run, dataDir: string): Promise<void> {
  if (livingServer(dataDir) === undefined) return;
  await run("pg_ctl", ["-D", dataDir, "-m", "fast", "-w", "-t", "60", "stop"]);
  // A server that clients hold, or that another user's pg_ctl can't reach: its log replays what it had not yet written.
  const held = livingServer(dataDir);
  if (held === undefined) return;
  process.kill(held, "SIGQUIT");
  const end = Date.now() + ENDS_WITHIN_MS;
  while (livingServer(dataDir) !== undefined && Date.now() < end) await wait(50);
}

async function startServer(run: Run, options: PostgresOptions, port: number): Promise<void> {
  const { dataDir, fsync, logFile } = options;
  const settings = [...SAYS_NOTHING, ...(fsync ? [] : ["fsync=off", "full_page_writes=off"])];
  const flags = ["-h 127.0.0.1", "-c unix_socket_directories=", "-c max_connections=200"];
  const all = [`-p ${port}`, ...flags, ...settings.map((one) => `-c ${one}`)].join(" ");
  const started = await run("pg_ctl", ["-D", dataDir, "-w", "-t", "60", "-l", logFile, "-o", all, "start"]);
  if (started.status !== 0) throw failedIn("did not start", lastLines(logFile));
}

/**
 * Starts PostgreSQL 18 in `dataDir`, making it if it is new. A server that a killed process left there is stopped first:
 * it may listen elsewhere, and hold what dead clients began.
 *
 * @throws {PostgresFailed} `DATA_OF_ANOTHER_VERSION`, `DISK_FULL`, `POSTGRES_FAILED`
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, password, logFile } = options;
  const as = runAs();
  if (as.note) options.say?.(as.note);
  const run = runner(await postgresBinaries(), as);
  mkdirSync(path.dirname(dataDir), { recursive: true, mode: 0o700 });
  mkdirSync(path.dirname(logFile), { recursive: true, mode: 0o700 });
  if (!isMade(dataDir)) await initialise(run, as, options);
  await stopServer(run, dataDir);
  for (const one of [dataDir, logFile]) handOver(one, as);
  dropMisleadingNote(dataDir);
  const port = options.port || (await freePort());
  await startServer(run, options, port);
  return {
    port,
    connectionString(database, user = "postgres", userPassword = password) {
      return `postgresql://${user}:${encodeURIComponent(userPassword)}@127.0.0.1:${port}/${database}`;
    },
    stop: () => stopServer(run, dataDir),
  };
}

/** Stops the server of a data folder, if one runs there: one that a killed process left behind. */
export async function stopPostgres(dataDir: string): Promise<void> {
  if (livingServer(dataDir) !== undefined)
    await stopServer(runner(await postgresBinaries(), runAs()), dataDir);
}
