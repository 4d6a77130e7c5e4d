import path from "node:path";
import { createFileObjectStore } from "@weald/adapters/object-store/file";
import { createFileGateway } from "@weald/adapters/object-store/file-gateway";
import { createPostgresQueue } from "@weald/adapters/queue/postgres";
import {
  type Bundles,
  childHost,
  createFunctionUrls,
  createLambdaApi,
  createLocalCloud,
  type LocalCloud,
  readManifest,
} from "../cloud/index.ts";
import { createIdentityProvider, type IdentityKeys } from "../identity/index.ts";
import { withMailBox } from "../mail-box/index.ts";
import { environmentOf, type Listening, listen, type Places } from "../region/index.ts";
import { jsonLine, logFile } from "./log-file.ts";
import type { RegionPorts } from "./ports.ts";

/** The local cloud: the functions of the manifest, each in a child process with its limits. */
export function openCloud(home: string, places: Places, bundles: Bundles): LocalCloud {
  const write = logFile(home, "functions");
  return createLocalCloud({
    manifest: readManifest(),
    queueUrl: places.queueUrl,
    host: (spec) =>
      childHost(spec, {
        bundles,
        environment: environmentOf(places),
        onLine: write,
      }),
    send: (name, body) => createPostgresQueue({ name, connectionString: places.queueUrl }).send([{ body }]),
    log: jsonLine(write),
  });
}

export async function openObjects(
  home: string,
  places: Places,
  ports: RegionPorts,
  cloud: LocalCloud,
  hasRoom: () => boolean,
): Promise<Listening> {
  const store = (bucket: string) =>
    createFileObjectStore({
      root: places.objectRoot,
      bucket,
      publicUrl: places.objectUrl,
      secret: places.objectSecret,
      fsync: places.fsync,
    });
  const stores = [store("inbox"), store("archive"), store("shares")];
  // The audit's own are served to nobody.
  for (const one of [...stores, store("spool"), store("seals")]) await one.recover();
  const gateway = createFileGateway({
    stores,
    allowedOrigins: [`http://127.0.0.1:${ports.portal}`],
    onPut: cloud.objectCreated,
    hasRoom,
    log: jsonLine(logFile(home, "objects")),
  });
  return listen(gateway, ports.objects);
}

export async function openIdentity(home: string, ports: RegionPorts, keys: IdentityKeys): Promise<Listening> {
  const log = jsonLine(logFile(home, "identity"));
  const provider = await createIdentityProvider({
    issuer: `http://127.0.0.1:${ports.identity}`,
    portalUrl: `http://127.0.0.1:${ports.portal}`,
    keys,
    backChannelUrl: `http://127.0.0.1:${ports.dicomweb}/identity/back-channel-logout`,
    cookieSuffix: String(ports.portal),
    log: (event, why) => log({ level: "warn", event, why }),
  });
  return listen(withMailBox(provider, path.join(home, "mail-box")), ports.identity);
}

/** What the local cloud answers by HTTP: the DICOMweb door, and Lambda's own API for the function in front of it. */
export async function openDoors(ports: RegionPorts, cloud: LocalCloud): Promise<Listening[]> {
  return [
    await listen(createLambdaApi(cloud), ports.functions),
    await listen(createFunctionUrls(cloud), ports.dicomweb),
  ];
}
