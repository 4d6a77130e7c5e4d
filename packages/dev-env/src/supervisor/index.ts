export { openDatabase } from "./database.ts";
export { logFile } from "./log-file.ts";
export { type Portal, startPortal } from "./portal.ts";
export { portsFrom, type RegionPorts } from "./ports.ts";
export { type Progress, progressOn } from "./progress.ts";
export { type RunningRegion, startRegion } from "./start-region.ts";
export { type Stopper, type StopReason, stopper } from "./stopper.ts";
export { buildWeb } from "./web-build.ts";
