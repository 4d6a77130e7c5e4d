import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { build, type Plugin } from "esbuild";

/** Codecs by the loader's own `new URL(package, import.meta.url)`, and `fs`, which they name and never use in a browser. */
const forTheBrowser: Plugin = {
  name: "for the browser",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^(fs|path|crypto|url)$/ }, () => ({ path: "none", namespace: "none" }));
    onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "export default {}" }));
    onLoad({ filter: /dicom-image-loader\/dist\/esm\/shared\/decoders\/.*\.js$/ }, ({ path: file }) => ({
      contents: readFileSync(file, "utf8").replaceAll(
        /const (\w+) = new URL\('(@cornerstonejs\/[^']+)', import\.meta\.url\)/g,
        "import $1File from '$2';\nconst $1 = new URL($1File, import.meta.url)",
      ),
    }));
  },
};

async function bundle(outdir: string): Promise<void> {
  const loader = path.dirname(
    new URL(import.meta.resolve("@cornerstonejs/dicom-image-loader/constants")).pathname,
  );
  await build({
    entryPoints: [
      path.join(import.meta.dirname, "page.ts"),
      path.join(loader, "..", "decodeImageFrameWorker.js"),
    ],
    entryNames: "[name]",
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    loader: { ".wasm": "file" },
    plugins: [forTheBrowser],
    logLevel: "error",
  });
}

const TYPES: Record<string, string> = {
  ".js": "text/javascript",
  ".wasm": "application/wasm",
  ".html": "text/html",
};
const PAGE = '<!doctype html><title>wadors</title><script type="module" src="/page.js"></script>';

export type ServedPage = { origin: string; close(): Promise<void> };

/** A page of somebody else's viewer, on an origin of its own. */
export async function serveWadorsPage(): Promise<ServedPage> {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-wadors-"));
  await bundle(folder);
  const server = createServer((request, response) => {
    const name = path.basename(request.url ?? "/") || "index.html";
    const body = name === "index.html" ? Promise.resolve(PAGE) : readFile(path.join(folder, name));
    body.then(
      (bytes) => response.writeHead(200, { "content-type": TYPES[path.extname(name)] }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
