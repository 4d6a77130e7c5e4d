export { csvLine } from "./csv-line.ts";
export { exportEvents } from "./export-events.ts";
export { listEvents } from "./list-events.ts";
export { looksOfPatient } from "./looks-of-patient.ts";
export { type PlainLook, plainLooks } from "./plain-looks.ts";
export { readSeals } from "./read-seals.ts";
