import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Peer } from "./peer.ts";

export type OrthancOptions = {
  index: "sqlite" | { host: string; port: number; database: string; username: string; password: string };
  httpPort: number;
  dicomPort: number;
  /** More of its settings, by their own names. */
  more?: Record<string, unknown>;
};

const STARTS_WITHIN_MS = 30_000;
const PLUGINS = "/usr/share/orthanc/plugins";

const configurationOf = ({ index, httpPort, dicomPort, more }: OrthancOptions, home: string) => ({
  Name: "bench",
  StorageDirectory: path.join(home, "storage"),
  IndexDirectory: path.join(home, "index"),
  HttpPort: httpPort,
  DicomPort: dicomPort,
  DicomAet: "ORTHANC",
  DicomCheckCalledAet: false,
  DicomAlwaysAllowStore: true,
  AuthenticationEnabled: false,
  RemoteAccessAllowed: false,
  // As stack.md says: with compression it looks three times worse than it is.
  HttpCompressionEnabled: false,
  StorageCompression: false,
  // Durable before it answers, as Weald is.
  SyncStorageArea: true,
  HttpThreadsCount: 50,
  Plugins: [
    path.join(PLUGINS, "libOrthancDicomWeb.so"),
    ...(index === "sqlite" ? [] : [path.join(PLUGINS, "libOrthancPostgreSQLIndex.so")]),
  ],
  DicomWeb: { Enable: true, Root: "/dicom-web/", StudiesMetadata: "Full", SeriesMetadata: "Full" },
  ...(index === "sqlite"
    ? {}
    : {
        PostgreSQL: {
          EnableIndex: true,
          EnableStorage: false,
          Host: index.host,
          Port: index.port,
          Database: index.database,
          Username: index.username,
          Password: index.password,
          EnableSsl: false,
          Lock: false,
          IndexConnectionsCount: 8,
        },
      }),
  ...more,
});

/** Debian's Orthanc with its DICOMweb plugin. It binds to all addresses: call this in a network namespace of its own. */
export async function startOrthanc(options: OrthancOptions): Promise<Peer> {
  const home = mkdtempSync(path.join(tmpdir(), "weald-bench-orthanc-"));
  for (const folder of ["storage", "index"]) mkdirSync(path.join(home, folder));
  const file = path.join(home, "orthanc.json");
  writeFileSync(file, JSON.stringify(configurationOf(options, home)));
  const child = spawn("Orthanc", [file], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4000);
  });
  const base = `http://127.0.0.1:${options.httpPort}`;
  const end = Date.now() + STARTS_WITHIN_MS;
  while (
    !(await fetch(`${base}/system`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (Date.now() > end || child.exitCode !== null) throw new Error(`Orthanc did not start: ${said}`);
    await wait(100);
  }
  return {
    name: options.index === "sqlite" ? "Orthanc, SQLite" : "Orthanc, PostgreSQL",
    dicomweb: `${base}/dicom-web`,
    headers: {},
    dimse: { aeTitle: "ORTHANC", port: options.dicomPort },
    settled: async () => {},
    pids: [child.pid ?? 0],
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
