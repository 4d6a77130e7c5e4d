export { closeFlag } from "./close-flag.ts";
export { csvLine } from "./csv-line.ts";
export { exportEvents } from "./export-events.ts";
export { flagUnusual } from "./flag-unusual.ts";
export { listEvents } from "./list-events.ts";
export { listFlags } from "./list-flags.ts";
export { looksOfPatient } from "./looks-of-patient.ts";
export { readSeals } from "./read-seals.ts";
export { type Bond, DELAYS, type Facts, judgeLook, type Look } from "./unusual.ts";
