import path from "node:path";
import type { Plugin } from "vitest/config";
import type { Fault } from "./faults.ts";

const ROOT = path.resolve(import.meta.dirname, "../../../..");

/**
 * Plants a fault into modules as they are loaded; the files stay as they are. A text that isn't there exactly once is an error, so
 * that no fault goes unplanted.
 */
export function planting({ plants }: Fault): Plugin {
  return {
    name: "planted",
    enforce: "pre",
    transform(code, id) {
      const here = plants.filter(({ file }) => path.join(ROOT, file) === id.split("?")[0]);
      return here.reduce((text, { file, from, to }) => {
        const parts = text.split(from);
        if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} of: ${from}`);
        return parts.join(to);
      }, code);
    },
  };
}
