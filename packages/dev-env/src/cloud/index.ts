export {
  childHost,
  FunctionFailed,
  type FunctionHost,
  type FunctionSpec,
  inProcessHost,
  type ProcessHost,
} from "./function-host.ts";
export { createLocalCloud, type LocalCloud } from "./local-cloud.ts";
export { Manifest, manifestFile, readManifest } from "./manifest.ts";
