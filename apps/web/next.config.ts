import path from "node:path";
import type { NextConfig } from "next";

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // Ours is one repository: the server's trace starts at its root, not at this folder.
  outputFileTracingRoot: path.join(import.meta.dirname, "../.."),
  transpilePackages: ["@weald/adapters", "@weald/core", "@weald/db", "@weald/dicom"],
  serverExternalPackages: ["pg", "sst"],
  typescript: { ignoreBuildErrors: true },
  // The browser asks for it at each page that is opened; its address changes with it.
  headers: async () => [
    { source: "/icon.svg", headers: [{ key: "Cache-Control", value: "public, max-age=86400" }] },
  ],
  turbopack: {
    root: path.join(import.meta.dirname, "../.."),
    resolveAlias: { fs: { browser: "./shims/empty.js" } },
    rules: {
      "**/@cornerstonejs/tools/dist/esm/utilities/registerComputeWorker.js": {
        loaders: [path.join(import.meta.dirname, "shims/break-worker-cycle.cjs")],
      },
    },
  },
};

export default config;
