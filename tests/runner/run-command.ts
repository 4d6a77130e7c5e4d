import { spawn } from "node:child_process";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../..");

export type Ran = { code: number; output: string };

/** Runs a program of the project's own, shows what it prints when it fails or when `isShown`, and keeps it. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; isShown?: boolean; cwd?: string } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const bin = [
      path.join(ROOT, "node_modules/.bin"),
      path.join(ROOT, "tests/node_modules/.bin"),
      path.join(ROOT, "apps/web/node_modules/.bin"),
    ].join(":");
    const child = spawn(command, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.env, PATH: `${bin}:${process.env.PATH}` },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      if (options.isShown) process.stdout.write(chunk);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0 && !options.isShown) process.stdout.write(output.slice(-8000));
      resolve({ code: code ?? 1, output });
    });
  });
}
