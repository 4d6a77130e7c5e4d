import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

// The program that unpacks and draws frames is one file of its own, its codecs within it: the front runs it as a thread
// (docs/adr/0012). Built here for the local region, and from infra/dicomweb.ts beside the deployed front.
const here = path.dirname(fileURLToPath(import.meta.url));
const SOURCES = path.join(here, "src/dicomweb/pixels");
const require = createRequire(import.meta.url);

/** dicom-image-loader's JPEG decoder for 12 bits is no entry of that package: found beside its index. */
const twelveBits = {
  name: "jpeg-12-bit",
  setup(build) {
    build.onResolve({ filter: /^jpeg-12-bit$/ }, () => ({
      path: path.join(
        path.dirname(require.resolve("@cornerstonejs/dicom-image-loader/package.json")),
        "dist/esm/codecs/jpeg.js",
      ),
    }));
  },
};

/** Writes the decoder to `outfile`, whole or not at all. */
export async function buildDecoder(outfile) {
  const { build } = await import("esbuild");
  mkdirSync(path.dirname(outfile), { recursive: true });
  const partial = `${outfile}.${process.pid}.partial`;
  await build({
    entryPoints: [path.join(SOURCES, "decoder.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    loader: { ".wasm": "binary" },
    plugins: [twelveBits],
    logLevel: "error",
    outfile: partial,
  });
  renameSync(partial, outfile);
}

const changedAt = (file) => statSync(file).mtimeMs;

/** The local region's decoder, built again when its sources are newer. @returns its path */
export async function localDecoder() {
  const outfile = path.join(here, "dist/decoder.cjs");
  const sources = readdirSync(SOURCES).map((file) => path.join(SOURCES, file));
  const newest = Math.max(...[...sources, fileURLToPath(import.meta.url)].map(changedAt));
  if (!existsSync(outfile) || changedAt(outfile) < newest) await buildDecoder(outfile);
  return outfile;
}
