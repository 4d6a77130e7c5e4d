import openJphWasm from "@cornerstonejs/codec-openjph/wasm";
import loadOpenJph from "@cornerstonejs/codec-openjph/wasmjs";

let loaded: ReturnType<typeof loadOpenJph> | undefined;

/** OpenJPH: loaded at first use, kept for the thread's life. */
export function openJph(): ReturnType<typeof loadOpenJph> {
  loaded ??= loadOpenJph({ wasmBinary: openJphWasm });
  return loaded;
}
