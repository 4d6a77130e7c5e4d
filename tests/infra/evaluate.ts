import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import type { Graph } from "./graph.ts";
import { pulumiMocks } from "./mocks.ts";
import { type Handlers, startPlatformServer } from "./platform-server.ts";

const REQUIRE =
  "import { createRequire as __cr } from 'module';const require = __cr(import.meta.url);import { fileURLToPath as __f } from 'url';" +
  "const __filename=__f(import.meta.url);const __dirname=__f(new URL('.', import.meta.url));";
const EXTERNAL = [
  "@pulumi/*",
  "undici",
  "@pulumiverse/*",
  "@sst-provider/*",
  "@aws-sdk/*",
  "esbuild",
  "archiver",
  "glob",
  "vite",
];

/** SST's command line refuses a top-level import in sst.config.ts: so does this. */
const noTopLevelImports: Plugin = {
  name: "no-top-level-imports",
  setup(building) {
    building.onResolve({ filter: /.*/ }, ({ importer, kind }) =>
      path.basename(importer) === "sst.config.ts" && kind === "import-statement"
        ? { errors: [{ text: "a top-level import in sst.config.ts" }] }
        : undefined,
    );
  },
};

/** The globals (`sst`, `aws`, …) that SST puts before each file of a project. */
const withGlobals = (globals: string): Plugin => ({
  name: "globals",
  setup(building) {
    building.onLoad({ filter: /\.ts$/ }, ({ path: file }) =>
      file.includes(`${path.sep}.sst${path.sep}`)
        ? undefined
        : { contents: `${globals}\n${readFileSync(file, "utf8")}`, loader: "ts" },
    );
  },
});

type Bundling = {
  code: string;
  define?: Record<string, string>;
  inject?: string[];
  banner?: string;
  globals?: string;
};

/**
 * Evaluates sst.config.ts in this process: the real SST components, Pulumi's mocks instead of its engine, each handler
 * really bundled where that is asked. No AWS account, no network. `root` may be a copy of the repository with a planted mistake.
 */
export async function evaluateStack(root: string, stage: string, handlers: Handlers): Promise<Graph> {
  const work = path.join(root, ".sst");
  const platform = path.join(work, "platform");
  const config = path.join(root, "sst.config.ts");
  const graph: Graph = { app: {}, resources: [], calls: [], builds: {} };
  const server = await startPlatformServer(root, work, graph, handlers);

  async function load({ code, define = {}, inject = [], banner = "", globals }: Bundling) {
    const outfile = path.join(platform, `weald.${process.pid}.${Date.now()}.mjs`);
    await build({
      stdin: { contents: code, resolveDir: root, sourcefile: "evaluate.ts", loader: "ts" },
      banner: { js: `${REQUIRE}\n${banner}` },
      mainFields: ["module", "main"],
      format: "esm",
      platform: "node",
      bundle: true,
      outfile,
      define,
      inject,
      logLevel: "silent",
      nodePaths: [path.join(platform, "node_modules")],
      external: EXTERNAL,
      plugins: globals ? [withGlobals(globals)] : [noTopLevelImports],
    });
    try {
      return await import(pathToFileURL(outfile).href);
    } finally {
      rmSync(outfile, { force: true });
    }
  }

  const appModule = await load({
    code: `import config from ${JSON.stringify(config)}; export default await config.app({ stage: ${JSON.stringify(stage)} });`,
    banner: "function $config(input) { return input }",
  });
  const app = { removal: "retain", ...appModule.default, stage };
  graph.app = appModule.default;
  const pulumi = createRequire(path.join(platform, "package.json"))("@pulumi/pulumi");
  pulumi.runtime.setAllConfig({ "aws:region": "eu-west-2" });
  await pulumi.runtime.setMocks(pulumiMocks(graph.resources), app.name, stage, false);

  const providers: { alias: string; package: string }[] = JSON.parse(
    readFileSync(path.join(work, "provider-lock.json"), "utf8"),
  );
  const cli = {
    command: "deploy",
    dev: false,
    paths: { home: path.join(work, "home"), root, work, platform },
    state: { version: {} },
  };
  const stackModule = await load({
    code: `import { run } from ${JSON.stringify(path.join(platform, "src/auto/run.ts"))}; import config from ${JSON.stringify(config)}; export const go = () => run(config.run);`,
    define: { $app: JSON.stringify(app), $cli: JSON.stringify(cli), $dev: "false" },
    inject: [path.join(platform, "src/shim/run.js")],
    globals: [
      ...providers.map(({ alias, package: name }) => `import * as ${alias} from "${name}";`),
      `import * as sst from ${JSON.stringify(path.join(platform, "src/components"))};`,
    ].join("\n"),
  });
  try {
    await pulumi.runtime.runInPulumiStack(() => stackModule.go());
    await pulumi.runtime.waitForRPCs?.();
    return graph;
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
