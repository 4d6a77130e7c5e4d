export { ask } from "./ask.ts";
export { countWaiting } from "./correction.store.ts";
export { Asked, SIDES } from "./correction.ts";
export { confirm, decline } from "./decide.ts";
export { joinRecords, listJoined, partRecords } from "./join-records.ts";
export { type ListedCorrection, listCorrections, type Told } from "./list-corrections.ts";
export { acknowledge, listNotices, type ShownNotice } from "./notices.ts";
export { undo } from "./undo.ts";
