import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium, type LaunchOptions } from "@playwright/test";

const QUIET = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A line of text is as wide in the shell as with a window: what hangs below it has the same room.
  "--font-render-hinting=none",
];
// WebGL 2 without a graphics card.
const SOFTWARE_GL = [
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
  // What isn't WebGL is drawn without it: a fifth of a journey's time.
  "--disable-gpu-compositing",
];
const asRoot = process.platform === "linux" && process.getuid?.() === 0 ? ["--no-sandbox"] : [];
/** The shell first, as Playwright's own is one: the same engine without a window's own pages, a quarter quicker. */
const SYSTEM = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** The Chromium that an npm package carries, for a machine that has none. */
async function packedChromium(): Promise<LaunchOptions> {
  const folder = path.join(tmpdir(), "weald-chromium");
  mkdirSync(folder, { recursive: true });
  // It unpacks into the temporary folder, and its own libraries only where it thinks that it is on Lambda.
  const before = { ...process.env };
  Object.assign(process.env, { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" });
  const { default: packed } = await import("@sparticuz/chromium");
  const executablePath = await packed.executablePath();
  writeFileSync(
    path.join(folder, "fonts", "fonts.conf"),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>`,
  );
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  for (const name of ["TMPDIR", "AWS_LAMBDA_JS_RUNTIME", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "HOME"]) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  return { executablePath, env };
}

async function found(): Promise<LaunchOptions> {
  const said = process.env.PLAYWRIGHT_CHROMIUM;
  if (said) return { executablePath: said };
  if (existsSync(chromium.executablePath())) return {};
  const system = SYSTEM.find((file) => existsSync(file));
  if (system && !process.env.NO_SYSTEM_CHROMIUM) return { executablePath: system };
  return packedChromium();
}

/** A real Chromium: the one that is named, else Playwright's own, else the system's, else the one from npm. */
export async function browserOptions(): Promise<LaunchOptions> {
  return { ...(await found()), args: [...asRoot, ...QUIET, ...SOFTWARE_GL] };
}
