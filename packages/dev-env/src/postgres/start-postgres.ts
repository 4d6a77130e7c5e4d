import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { type Binaries, postgresBinaries } from "./binaries.ts";
import { type RunAs, runAs } from "./run-as.ts";

const MAJOR = "18";

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
  /** A server that a killed process had left running. */
  adopted: boolean;
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

type Run = (
  program: keyof Binaries,
  args: readonly string[],
  accepted?: readonly number[],
) => { status: number; output: string };

function runner(binaries: Binaries, as: RunAs, logFile: string): Run {
  return (program, args, accepted = [0]) => {
    const [command = "", ...rest] = [...as.prefix, binaries[program], ...args];
    // A server that outlives the launcher must not hold its pipes.
    const options = {
      ...as.ids,
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
      cwd: "/",
      encoding: "utf8" as const,
      stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"],
    };
    const done = args.includes("start")
      ? spawnSync(command, rest, { ...options, stdio: "ignore" })
      : spawnSync(command, rest, options);
    const status = done.status ?? -1;
    const output = `${done.stdout ?? ""}${done.stderr ?? ""}`.trim();
    if (!accepted.includes(status))
      throw new PostgresFailed(
        "POSTGRES_FAILED",
        `PostgreSQL's ${program} failed: ${output || lastLines(logFile)}`,
      );
    return { status, output };
  };
}

function checkVersion(dataDir: string): boolean {
  const file = path.join(dataDir, "PG_VERSION");
  if (!existsSync(file)) return false;
  const version = readFileSync(file, "utf8").trim();
  if (version === MAJOR) return true;
  throw new PostgresFailed(
    "DATA_OF_ANOTHER_VERSION",
    `${dataDir} holds data of PostgreSQL ${version}; this Weald runs ${MAJOR}. Start the Weald that wrote it and make a backup there.`,
  );
}

function initialise(run: Run, as: RunAs, options: PostgresOptions): void {
  const { dataDir, password, fsync } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const passwordFile = `${dataDir}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (as.ids.uid !== undefined)
    for (const file of [dataDir, passwordFile]) chownSync(file, as.ids.uid, as.ids.gid ?? as.ids.uid);
  try {
    run("initdb", [
      ...[
        "-D",
        dataDir,
        "-U",
        "postgres",
        "--auth=scram-sha-256",
        `--pwfile=${passwordFile}`,
        "--encoding=UTF8",
        "--locale=C",
      ],
      ...[
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--set",
        "timezone=UTC",
        ...(fsync ? [] : ["--no-sync"]),
      ],
    ]);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function runningPort(dataDir: string): number | undefined {
  const file = path.join(dataDir, "postmaster.pid");
  return existsSync(file) ? Number(readFileSync(file, "utf8").split("\n")[3]) : undefined;
}

/**
 * Starts PostgreSQL 18 in `dataDir`, making it if it is new. A server that a killed process left is taken over.
 *
 * @throws {PostgresFailed} `DATA_OF_ANOTHER_VERSION`, `POSTGRES_FAILED`
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, password, fsync, logFile } = options;
  const as = runAs();
  if (as.note) options.say?.(as.note);
  const run = runner(await postgresBinaries(), as, logFile);
  if (!checkVersion(dataDir)) initialise(run, as, options);
  const adopted = run("pg_ctl", ["-D", dataDir, "status"], [0, 3]).status === 0;
  const port = adopted ? (runningPort(dataDir) ?? options.port) : options.port || (await freePort());
  if (!adopted) {
    mkdirSync(path.dirname(logFile), { recursive: true });
    const settings = [
      "-h 127.0.0.1",
      "-c unix_socket_directories=",
      "-c max_connections=200",
      ...(fsync ? [] : ["-c fsync=off", "-c full_page_writes=off"]),
    ];
    run("pg_ctl", [
      "-D",
      dataDir,
      "-w",
      "-t",
      "60",
      "-l",
      logFile,
      "-o",
      `-p ${port} ${settings.join(" ")}`,
      "start",
    ]);
  }
  return {
    port,
    adopted,
    connectionString(database, user = "postgres", userPassword = password) {
      return `postgresql://${user}:${encodeURIComponent(userPassword)}@127.0.0.1:${port}/${database}`;
    },
    async stop() {
      run("pg_ctl", ["-D", dataDir, "-m", "fast", "-w", "stop"], [0, 1]);
    },
  };
}
