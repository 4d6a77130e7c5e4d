export { type Bundles, createBundles } from "./bundles.ts";
export {
  childHost,
  FunctionFailed,
  type FunctionHost,
  type FunctionSpec,
  inProcessHost,
  type ProcessHost,
} from "./function-host.ts";
export { createFunctionUrls, createLambdaApi } from "./http-doors.ts";
export { createLocalCloud, type LocalCloud } from "./local-cloud.ts";
export { Manifest, manifestFile, readManifest } from "./manifest.ts";
