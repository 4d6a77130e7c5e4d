// The object store's gateway in a process of its own, so that it can be killed. Prints its URL.
import { createServer } from "node:http";
import { crashPointFrom } from "@weald/adapters/crash-point";
import { createFileObjectStore } from "@weald/adapters/object-store/file";
import { createFileGateway } from "@weald/adapters/object-store/file-gateway";
import { createPostgresQueue } from "@weald/adapters/queue/postgres";
import { createLocalCloud, inProcessHost, Manifest } from "@weald/dev-env/cloud";

const { env } = process;
const queueUrl = env.WEALD_QUEUE_URL ?? "";
const cloud = createLocalCloud({
  manifest: Manifest.parse(JSON.parse(env.WEALD_TEST_MANIFEST ?? "")),
  queueUrl,
  host: inProcessHost,
  send: (name, body) => createPostgresQueue({ name, connectionString: queueUrl }).send([{ body }]),
});
const store = (bucket: string) =>
  createFileObjectStore({
    root: env.WEALD_OBJECT_ROOT ?? "",
    bucket,
    publicUrl: env.WEALD_OBJECT_URL ?? "",
    secret: env.WEALD_OBJECT_SECRET ?? "",
    fsync: env.WEALD_OBJECT_FSYNC === "on",
  });
const gateway = createFileGateway({
  stores: [store("inbox"), store("archive")],
  allowedOrigins: [],
  onPut: cloud.objectCreated,
  crashPoint: crashPointFrom(env),
});
const server = createServer(gateway).listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address instanceof Object) process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
process.on("disconnect", () => process.exit(0));
