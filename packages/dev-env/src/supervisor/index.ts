export { dataDirOf } from "./database.ts";
export { homeFrom, ROOT, secretsAt, wealdVersion } from "./home.ts";
export { type Owner, ownerOf } from "./lock.ts";
export { portsFrom, type RegionPorts } from "./ports.ts";
export { type Progress, progressOn } from "./progress.ts";
export { StartFailed } from "./start-failed.ts";
export { type RunningRegion, type Stopper, startRegion, stopper } from "./start-region.ts";
