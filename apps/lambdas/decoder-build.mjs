import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

// The program that unpacks and draws frames is one file of its own, its codecs within it: the front runs it as a thread
// (docs/adr/0011). Built here for the local region, and from infra/dicomweb.ts beside the deployed front.
const here = path.dirname(fileURLToPath(import.meta.url));
const sourcesIn = (room) => path.join(room, "src/dicomweb/pixels");

/** dicom-image-loader's JPEG decoder for 12 bits is no entry of that package: found beside its index. */
const twelveBits = (room) => ({
  name: "jpeg-12-bit",
  setup(build) {
    build.onResolve({ filter: /^jpeg-12-bit$/ }, () => ({
      path: path.join(
        path.dirname(
          createRequire(path.join(room, "package.json")).resolve(
            "@cornerstonejs/dicom-image-loader/package.json",
          ),
        ),
        "dist/esm/codecs/jpeg.js",
      ),
    }));
  },
});

/**
 * Writes the decoder to `outfile`, whole or not at all. `room` is apps/lambdas: this module may have been bundled elsewhere, as
 * the stack is.
 */
export async function buildDecoder(outfile, room = here) {
  const { build } = await import("esbuild");
  mkdirSync(path.dirname(outfile), { recursive: true });
  const partial = `${outfile}.${process.pid}.partial`;
  await build({
    entryPoints: [path.join(sourcesIn(room), "decoder.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    loader: { ".wasm": "binary" },
    plugins: [twelveBits(room)],
    logLevel: "error",
    outfile: partial,
  });
  renameSync(partial, outfile);
}

const changedAt = (file) => statSync(file).mtimeMs;

/** The local region's decoder, built again when its sources are newer. @returns its path */
export async function localDecoder() {
  const outfile = path.join(here, "dist/decoder.cjs");
  const folder = sourcesIn(here);
  const sources = readdirSync(folder).map((file) => path.join(folder, file));
  const newest = Math.max(...[...sources, fileURLToPath(import.meta.url)].map(changedAt));
  if (!existsSync(outfile) || changedAt(outfile) < newest) await buildDecoder(outfile);
  return outfile;
}
