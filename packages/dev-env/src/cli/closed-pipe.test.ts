import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";

const WEALD = path.join(import.meta.dirname, "weald.ts");

it("whoever stops reading what a command says changes nothing of how it ends", async () => {
  const home = mkdtempSync(path.join(tmpdir(), "weald-pipe-"));
  try {
    const child = spawn(process.execPath, ["--import", "tsx", WEALD, "status"], {
      env: { ...process.env, WEALD_HOME: home },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const [code] = await once(child, "close");
    expect(said).toBe("");
    expect(code).toBe(0);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
