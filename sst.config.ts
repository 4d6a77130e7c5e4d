/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    const isProduction = input.stage === "production";
    return {
      name: "weald",
      home: "aws",
      removal: isProduction ? "retain" : "remove",
      protect: isProduction,
      providers: { aws: { region: "eu-west-2", version: "7.20.0" } },
    };
  },
  async run() {
    // SST allows no top-level import in this file.
    const { stack } = await import("./infra/stack");
    return stack();
  },
});
