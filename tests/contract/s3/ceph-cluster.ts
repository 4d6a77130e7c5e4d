import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const STARTS_WITHIN_MS = 120_000;

export type Credentials = { accessKeyId: string; secretAccessKey: string };
export type RunningCeph = { endpoint: string; credentials: Credentials; stop(): Promise<void> };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

type Layout = { fsid: string; libraries: string; home: string; gateway: number; monitor: number };

/** One monitor, one disk in a file, one gateway, on 127.0.0.1 alone; one copy of each object. For tests only. */
const configOf = ({ fsid, libraries, home, gateway, monitor }: Layout) => `[global]
fsid = ${fsid}
mon_host = [v1:127.0.0.1:${monitor}/0]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
ms_bind_msgr2 = false
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_osd_min_up_ratio = 0
paxos_propose_interval = 0.05
run_dir = ${home}
log_file = ${home}/$name.log
pid_file =
admin_socket = ${home}/$name.$pid.asok
crash_dir = ${home}
mon_data = ${home}/mon
osd_data = ${home}/osd
osd_objectstore = bluestore
bluestore_block_size = 8589934592
bluestore_block_db_create = false
bluestore_block_wal_create = false
osd_memory_target = 939524096
osd_class_dir = ${libraries}/rados-classes
erasure_code_dir = ${libraries}/ceph/erasure-code
plugin_dir = ${libraries}/ceph
rgw_frontends = beast endpoint=127.0.0.1:${gateway} tcp_nodelay=1
rgw_thread_pool_size = 32
rgw_run_sync_thread = false
rgw_enable_usage_log = false
`;

const triplet = (root: string) =>
  readdirSync(path.join(root, "usr/lib")).find((name) => name.endsWith("-linux-gnu")) ?? "x86_64-linux-gnu";

function environmentIn(root: string, libraries: string, config: string): NodeJS.ProcessEnv {
  const isOwnPython = !existsSync("/usr/bin/python3");
  return {
    LC_ALL: "C",
    CEPH_CONF: config,
    LD_LIBRARY_PATH: [libraries, path.join(libraries, "ceph"), libraries.replace("/usr/", "/")].join(":"),
    // Debian's own Python, for which the packages' modules were built.
    PATH: [path.join(root, "usr/bin"), "/usr/bin", "/bin"].join(":"),
    PYTHONPATH: path.join(root, "usr/lib/python3/dist-packages"),
    ...(isOwnPython ? { PYTHONHOME: path.join(root, "usr") } : {}),
  };
}

async function isListening(endpoint: string): Promise<boolean> {
  try {
    await (await fetch(endpoint)).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** Starts Ceph's S3 gateway over a cluster of one disk, in a folder of its own: about six seconds. */
export async function startCeph(root: string): Promise<RunningCeph> {
  const home = mkdtempSync(path.join(tmpdir(), "weald-ceph-"));
  const libraries = path.join(root, "usr/lib", triplet(root));
  const [fsid, gateway, monitor] = [randomUUID(), await freePort(), await freePort()];
  const config = path.join(home, "ceph.conf");
  mkdirSync(path.join(home, "mon"));
  mkdirSync(path.join(home, "osd"));
  writeFileSync(config, configOf({ fsid, libraries, home, gateway, monitor }));
  const env = environmentIn(root, libraries, config);
  const running = new Set<ChildProcess>();
  let isStopped = false;

  const tool = (program: string, ...args: string[]) => run(program, args, { env, timeout: STARTS_WITHIN_MS });
  /**
   * It dies with this process, however that ends. A disk sometimes speaks before it knows its cluster's id, and ends
   * ("wrong fsid"): as its unit file would, this starts it again.
   */
  function daemon(program: string, ...args: string[]): void {
    const child = spawn("setpriv", ["--pdeathsig", "KILL", program, "-f", ...args], { env, stdio: "ignore" });
    running.add(child);
    child.once("exit", (code) => {
      running.delete(child);
      if (code !== null && code !== 0 && !isStopped) daemon(program, ...args);
    });
  }
  async function stop(): Promise<void> {
    isStopped = true;
    const ended = [...running].map((child) => once(child, "exit"));
    for (const child of running) child.kill("SIGKILL");
    await Promise.all(ended);
    rmSync(home, { recursive: true, force: true });
  }

  /** Its client, too, sometimes speaks before it knows the cluster's id, and is refused. Asking twice adds one disk. */
  async function addDisk(disk: string): Promise<void> {
    for (const until = Date.now() + STARTS_WITHIN_MS; ; await wait(100)) {
      try {
        await tool("python3", path.join(root, "usr/bin/ceph"), "osd", "new", disk);
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
      }
    }
  }

  async function start(): Promise<RunningCeph> {
    const map = path.join(home, "monmap");
    const [disk, accessKeyId, secretAccessKey] = [randomUUID(), "WEALDTESTS", randomUUID()];
    await tool("monmaptool", "--create", "--fsid", fsid, "--addv", "a", `[v1:127.0.0.1:${monitor}]`, map);
    await tool("ceph-mon", "-i", "a", "--mkfs", "--monmap", map);
    daemon("ceph-mon", "-i", "a");
    await addDisk(disk);
    await tool("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", disk);
    daemon("ceph-osd", "-i", "0");
    daemon("radosgw", "-n", "client.rgw");
    const endpoint = `http://127.0.0.1:${gateway}`;
    for (const until = Date.now() + STARTS_WITHIN_MS; !(await isListening(endpoint)); await wait(100))
      if (Date.now() > until) throw new Error(`Ceph did not start: ${tail(home)}`);
    await tool(
      ...([
        "radosgw-admin",
        "-n",
        "client.rgw",
        "user",
        "create",
        "--uid=weald",
        "--display-name=weald",
      ] as const),
      `--access-key=${accessKeyId}`,
      `--secret=${secretAccessKey}`,
    );
    return { endpoint, credentials: { accessKeyId, secretAccessKey }, stop };
  }

  try {
    return await start();
  } catch (error) {
    const why = tail(home);
    await stop();
    throw new Error(`Ceph did not start: ${why}`, { cause: error });
  }
}

function tail(home: string): string {
  const logs = readdirSync(home).filter((name) => name.endsWith(".log"));
  return logs.map((name) => readFileSync(path.join(home, name), "utf8").slice(-400)).join("\n");
}
