import { mkdirSync } from "node:fs";
import path from "node:path";
import { buildGateway } from "@weald/edge/build";
import { StartFailed, writeWhole } from "../home/index.ts";
import type { IdentityKeys } from "../identity/index.ts";
import { GATEWAY_SCOPES, SYSTEM_SCOPES } from "../people/index.ts";
import { killGroup, spawnLeashed } from "./leashed.ts";
import type { RegionPorts } from "./ports.ts";

const TRUST = "RXC";
const STARTS_WITHIN_MS = 20_000;
const STOPS_WITHIN_MS = 8000;
/** Systems of the demonstration's trust: two modalities, and DCMTK's programs by the names that they give themselves. */
const MODALITIES = ["CT1", "MR1", "STORESCU", "ECHOSCU"];
const SYSTEMS = ["PACS1", "FINDSCU", "MOVESCU"];

export type RunningGateway = { stop(): Promise<void> };

type Options = {
  home: string;
  ports: RegionPorts;
  issuer: string;
  keys: IdentityKeys;
  write: (line: string) => void;
};

const urlOf = (port: number) => `http://127.0.0.1:${port}`;

function configOf({ ports, issuer, keys, home }: Options) {
  const client = {
    id: `system-${TRUST}`,
    secret: keys.systemSecrets[TRUST] ?? "",
    scope: SYSTEM_SCOPES.join(" "),
    isKeptFor: true,
  };
  return {
    trust: TRUST,
    home,
    region: {
      portalUrl: urlOf(ports.portal),
      issuer,
      dicomwebUrl: `${urlOf(ports.dicomweb)}/dicomweb`,
      clientId: `gateway-${TRUST}`,
      clientSecret: keys.gatewaySecrets[TRUST] ?? "",
      scope: GATEWAY_SCOPES.join(" "),
    },
    dimse: { host: "127.0.0.1", port: ports.dimse, calledTitles: ["WEALD"] },
    hl7: { host: "127.0.0.1", port: ports.mllp },
    http: { port: ports.gateway },
    applicationEntities: [
      ...MODALITIES.map((title) => ({ title })),
      ...SYSTEMS.map((title) => ({ title, host: "127.0.0.1", port: 11_112, client })),
    ],
    cache: { mostBytes: 512 * 1024 ** 2 },
    leastFreeBytes: 256 * 1024 ** 2,
  };
}

/** The gateway of the demonstration's first trust: the one file that runs in a trust, as a process of its own. */
export async function startGateway(options: Options): Promise<RunningGateway> {
  const home = path.join(options.home, "edge");
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const [program, config] = [path.join(home, "weald-edge.mjs"), path.join(home, "config.json")];
  writeWhole(config, configOf({ ...options, home }));
  await buildGateway(program);
  let isStarted = () => {};
  const started = new Promise<void>((resolve) => {
    isStarted = resolve;
  });
  const child = spawnLeashed([program], {
    cwd: home,
    env: { PATH: process.env.PATH ?? "", TZ: "UTC", WEALD_EDGE_CONFIG: config, WEALD_EDGE_HOME: home },
    write(line) {
      options.write(line);
      if (line.includes('"gateway.started"')) isStarted();
    },
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  async function stop(): Promise<void> {
    child.kill("SIGTERM");
    const forced = setTimeout(() => killGroup(child), STOPS_WITHIN_MS);
    await exited;
    clearTimeout(forced);
  }
  const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), STARTS_WITHIN_MS).unref());
  const ended = exited.then(() => "ended" as const);
  if ((await Promise.race([started, late, ended])) === undefined) return { stop };
  await stop();
  throw new StartFailed(
    "GATEWAY_NOT_STARTED",
    "The gateway did not start. See gateway.log in the log folder.",
  );
}
