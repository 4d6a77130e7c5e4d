import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const PLUGIN = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
const STARTS_WITHIN_MS = 30_000;

/** Debian's Orthanc binds to every address: whatever it binds is bound to this machine alone. */
const ONLY_HERE = `
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <string.h>
#include <sys/socket.h>
int bind(int fd, const struct sockaddr *to, socklen_t length) {
  int (*next)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "bind");
  if (to->sa_family != AF_INET) return next(fd, to, length);
  struct sockaddr_in here;
  memcpy(&here, to, sizeof here);
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return next(fd, (struct sockaddr *)&here, sizeof here);
}
`;

/** What is missing here to run it, by the name of its Debian package. */
export function missingForOrthanc(): string | undefined {
  if (!existsSync("/usr/sbin/Orthanc")) return "orthanc";
  if (!existsSync(PLUGIN)) return "orthanc-dicomweb";
  return spawnSync("cc", ["--version"]).status === 0 ? undefined : "gcc";
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export type Orthanc = { url: string; dicomweb: string; dicomPort: number; stop(): Promise<void> };

export type OrthancOptions = {
  /** DICOMweb servers that it may send to. */
  servers?: Record<string, object>;
  /** Where it sends a C-MOVE for a title; with this it speaks DIMSE, as ORTHANC. */
  modalities?: Record<string, readonly [title: string, host: string, port: number]>;
};

/** Orthanc with its DICOMweb plugin, on this machine alone. */
export async function startOrthanc({ servers = {}, modalities }: OrthancOptions): Promise<Orthanc> {
  const home = mkdtempSync(path.join(tmpdir(), "weald-orthanc-"));
  mkdirSync(path.join(home, "storage"));
  const [code, library] = [path.join(home, "only-here.c"), path.join(home, "only-here.so")];
  writeFileSync(code, ONLY_HERE);
  const compiled = spawnSync("cc", ["-shared", "-fPIC", "-o", library, code, "-ldl"], { encoding: "utf8" });
  if (compiled.status !== 0) throw new Error(compiled.stderr);
  const [port, dicomPort] = [await freePort(), await freePort()];
  const file = path.join(home, "orthanc.json");
  writeFileSync(
    file,
    JSON.stringify({
      Name: "old",
      StorageDirectory: path.join(home, "storage"),
      IndexDirectory: path.join(home, "storage"),
      HttpPort: port,
      DicomServerEnabled: modalities !== undefined,
      DicomPort: dicomPort,
      DicomAet: "ORTHANC",
      DicomAlwaysAllowFind: true,
      DicomAlwaysAllowMove: true,
      DicomModalities: modalities ?? {},
      AuthenticationEnabled: false,
      RemoteAccessAllowed: false,
      Plugins: [PLUGIN],
      DicomWeb: { Enable: true, Root: "/dicom-web/", Servers: servers },
    }),
  );
  const child = spawn("/usr/sbin/Orthanc", [file], {
    env: { ...process.env, LD_PRELOAD: library },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4000);
  });
  const url = `http://127.0.0.1:${port}`;
  const isUp = () =>
    fetch(`${url}/system`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (const end = Date.now() + STARTS_WITHIN_MS; !(await isUp()); await wait(100))
    if (Date.now() > end || child.exitCode !== null) throw new Error(`Orthanc did not start: ${said}`);
  return {
    url,
    dicomweb: `${url}/dicom-web`,
    dicomPort,
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
