import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { build } from "esbuild";
import type { Graph } from "./graph.ts";

const BANNER =
  "import { createRequire as topLevelCreateRequire } from 'module';const require = topLevelCreateRequire(import.meta.url);";

// biome-ignore lint/suspicious/noExplicitAny: SST's own arguments
type Args = Record<string, any>;

/** Where handlers are bundled for real, or only looked up: what stands in a bundle changes nothing of what is deployed beside it. */
export type Handlers = "bundled" | "named";

async function buildHandler(root: string, work: string, args: Args, graph: Graph, handlers: Handlers) {
  if (args.bundle)
    return { handler: args.handler, out: path.resolve(root, args.bundle), errors: [], sourcemaps: [] };
  const out = path.join(work, "artifacts", `${args.functionID}-src`);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const [file, name] = [args.handler.replace(/\.[^.]+$/, ""), args.handler.split(".").pop()];
  const entry = [".ts", ".mjs"].map((extension) => path.join(root, file + extension)).find(existsSync);
  if (!entry) throw new Error(`Handler not found: ${args.handler}`);
  const outfile = path.join(out, "bundle.mjs");
  const answer = { handler: `bundle.${name}`, out, errors: [], sourcemaps: [] };
  if (handlers === "named") {
    writeFileSync(outfile, `export { ${name} } from ${JSON.stringify(entry)};\n`);
    return answer;
  }
  const built = await build({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2023",
    keepNames: true,
    metafile: true,
    outfile,
    external: ["sharp", "pg-native"],
    mainFields: ["module", "main"],
    logLevel: "silent",
    banner: { js: BANNER },
  });
  const [output] = Object.values(built.metafile.outputs);
  graph.builds[args.functionID] = { bytes: output?.bytes ?? 0, exports: output?.exports ?? [] };
  return answer;
}

const BOOTSTRAP = {
  asset: "sst-asset",
  state: "sst-state",
  assetEcrRegistryId: "123456789012",
  assetEcrUrl: "123456789012.dkr.ecr/sst-asset",
  appsyncHttp: "",
  appsyncRealtime: "",
};

/** Stands where SST's command line would answer its platform: it builds each handler. */
export async function startPlatformServer(
  root: string,
  work: string,
  graph: Graph,
  handlers: Handlers,
): Promise<Server> {
  async function answer(method: string, args: Args): Promise<unknown> {
    if (method === "Provider.Aws.Bootstrap") return BOOTSTRAP;
    if (method === "Runtime.AddTarget") return true;
    if (method === "Runtime.Build") return buildHandler(root, work, args, graph, handlers);
    throw new Error(`SST's platform asks for ${method}, which the evaluation doesn't know`);
  }
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method, params } = JSON.parse(body);
    graph.calls.push({ method, args: params[0] });
    try {
      response.end(JSON.stringify({ result: await answer(method, params[0]) }));
    } catch (error) {
      response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.SST_SERVER = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return server;
}
