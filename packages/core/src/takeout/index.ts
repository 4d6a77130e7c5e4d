export { listRecords } from "./list-records.ts";
export { readEvents } from "./read-events.ts";
export { readRecord, type TakenRecord } from "./read-record.ts";
export { signFiles } from "./sign-files.ts";
export { signMessages } from "./sign-messages.ts";
export { signStudy } from "./sign-study.ts";
export { takePicture } from "./take-picture.ts";
export { takeStudy } from "./take-study.ts";
export type { Whose } from "./takeout.ts";
