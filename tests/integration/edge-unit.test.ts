import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROOT } from "../runner/run-command.ts";
import { bundle } from "./edge/edge-process.ts";

const unit = readFileSync(path.join(ROOT, "apps/edge/weald-edge.service"), "utf8");
const told = (key: string) =>
  [...unit.matchAll(new RegExp(`^${key}=(.+)$`, "gm"))].map(([, value]) => value ?? "");

describe("the gateway as a service of systemd", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "weald-unit-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** The unit's own command and environment, its absolute places moved below `root`. */
  async function run() {
    const below = (place: string) => (place === "/usr/bin/node" ? process.execPath : path.join(root, place));
    const [program = "", ...args] = (told("ExecStart")[0] ?? "").split(" ").map(below);
    const environment = told("Environment").map((pair) => {
      const [name = "", place = ""] = pair.split("=");
      return [name, below(place)];
    });
    for (const file of args) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, readFileSync(await bundle()));
    }
    return spawn(program, args, {
      cwd: root,
      env: { ...Object.fromEntries(environment), STATE_DIRECTORY: path.join(root, "var/lib/weald-edge") },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  function configure(config: unknown): void {
    mkdirSync(path.join(root, "etc/weald-edge"), { recursive: true });
    mkdirSync(path.join(root, "var/lib/weald-edge"), { recursive: true });
    writeFileSync(path.join(root, "etc/weald-edge/config.json"), JSON.stringify(config));
  }

  const region = {
    portalUrl: "http://127.0.0.1:9",
    issuer: "http://127.0.0.1:9",
    clientId: "g",
    clientSecret: "s",
  };

  it("starts by the unit's own command, answers, and ends in order when it is told to", async () => {
    configure({ trust: "RXC", home: "/nowhere", region, http: { port: 0 }, leastFreeBytes: 1 });
    const child = await run();
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    const { event, http } = JSON.parse(String(line));
    expect(event).toBe("gateway.started");
    expect((await fetch(`http://127.0.0.1:${http}/health`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("says in one line what is wrong in its configuration, and never a value", async () => {
    configure({ trust: "RXC", region: { ...region, issuer: "secret words" } });
    const child = await run();
    const [error] = await once(createInterface({ input: child.stderr }), "line");
    expect(String(error)).toContain("region.issuer");
    expect(String(error)).not.toContain("secret words");
    expect(await once(child, "exit")).toEqual([1, null]);
  });
});
