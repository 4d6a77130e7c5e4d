export { environmentOf, type Places } from "./environment.ts";
export { inProcessApi } from "./in-process-api.ts";
export { inProcessTakeout } from "./in-process-takeout.ts";
export { type Listening, listen, PortTaken } from "./listen.ts";
export { Region, type RegionOptions } from "./region.ts";
