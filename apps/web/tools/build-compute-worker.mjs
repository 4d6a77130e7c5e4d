// Cornerstone's compute worker, prebuilt into public/: see shims/break-worker-cycle.cjs for why.
import { createRequire } from "node:module";
import path from "node:path";
import { build } from "esbuild";

const require = createRequire(import.meta.url);
const web = path.resolve(import.meta.dirname, "..");
const tools = path.resolve(require.resolve("@cornerstonejs/tools"), "../../..");
const worker = path.join(tools, "dist/esm/workers/computeWorker.js");

await build({
  entryPoints: [worker],
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  minify: true,
  logLevel: "error",
  // Node parts of an XML library that the worker carries and never runs.
  alias: Object.fromEntries(["fs", "url"].map((name) => [name, path.join(web, "shims/empty.js")])),
  define: { "process.env.NODE_ENV": '"production"' },
  outfile: path.join(web, "public/cornerstone/compute-worker.js"),
});
