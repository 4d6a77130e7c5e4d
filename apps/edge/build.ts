// `pnpm --filter @weald/edge build`: the gateway as one file, with the ledger's native library inside.
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

const require = createRequire(import.meta.url);
const at = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** By platform, architecture and C library. */
const PREBUILT: Record<string, string> = {
  "linux-x64-glibc": "linux-x64/classic-level.node",
  "linux-x64-musl": "linux-x64/classic-level.musl.node",
  "linux-arm64-glibc": "linux-arm64/classic-level.armv8.node",
  "darwin-x64-": "darwin-x64+arm64/classic-level.node",
  "darwin-arm64-": "darwin-x64+arm64/classic-level.node",
};

/** The library is written to a folder of ours, loaded, and removed again: a bundle can't be loaded from its inside. */
const LOADER = `
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
module.exports = function load() {
  const libc = process.platform !== "linux" ? "" : process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl";
  const bytes = LIBRARIES[process.platform + "-" + process.arch + "-" + libc];
  if (!bytes) throw new Error("This build of the gateway does not run on " + process.platform + " " + process.arch + ".");
  let failure;
  // systemd's own folder first: /tmp may forbid to run what lies there.
  for (const parent of [process.env.STATE_DIRECTORY, process.env.WEALD_EDGE_HOME, tmpdir()]) {
    if (!parent) continue;
    try {
      const folder = mkdtempSync(path.join(parent, "native-"));
      const file = path.join(folder, "ledger.node");
      try {
        writeFileSync(file, bytes, { mode: 0o500 });
        const module = { exports: {} };
        process.dlopen(module, file);
        return module.exports;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
};
`;

const nativeInside: Plugin = {
  name: "native-inside",
  setup(build) {
    const folder = path.join(path.dirname(require.resolve("classic-level/package.json")), "prebuilds");
    build.onResolve({ filter: /^node-gyp-build$/ }, () => ({ path: "native", namespace: "native" }));
    build.onResolve({ filter: /^prebuilt:/ }, ({ path: name }) => ({
      path: path.join(folder, name.slice("prebuilt:".length)),
    }));
    build.onLoad({ filter: /.*/, namespace: "native" }, () => {
      const table = Object.entries(PREBUILT).map(
        ([name, file]) => `${JSON.stringify(name)}: require(${JSON.stringify(`prebuilt:${file}`)})`,
      );
      const contents = `const LIBRARIES = { ${table.join(", ")} };\n${LOADER}`;
      return { contents, loader: "js", resolveDir: folder };
    });
  },
};

const INSTEAD: Record<string, string> = {
  // Pixels are never decoded or coded here.
  "dcmjs-codecs": "module.exports = { NativeCodecs: {}, Transcoder: class {} };",
  // Made with `new Buffer()`, of which Node warns outside node_modules.
  memorystream: `module.exports = { createWriteStream: () => {
  const pieces = [];
  return { write: (piece) => pieces.push(piece) > 0, end() {}, toBuffer: () => Buffer.concat(pieces) };
} };`,
};

/** What the DIMSE library brings and doesn't need. */
const instead: Plugin = {
  name: "instead",
  setup(build) {
    build.onResolve({ filter: /^(dcmjs-codecs|memorystream)$/ }, ({ path: name }) => ({
      path: name,
      namespace: "instead",
    }));
    build.onLoad({ filter: /.*/, namespace: "instead" }, ({ path: name }) => ({
      contents: INSTEAD[name] ?? "",
      loader: "js",
    }));
  },
};

export async function buildGateway(outfile: string): Promise<void> {
  await build({
    entryPoints: [at("./src/main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    minifySyntax: true,
    logLevel: "warning",
    loader: { ".node": "binary" },
    plugins: [nativeInside, instead],
    banner: {
      js: 'import { createRequire as weald_require } from "node:module"; const require = weald_require(import.meta.url); const __dirname = import.meta.dirname;',
    },
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await buildGateway(at("./dist/weald-edge.mjs"));
