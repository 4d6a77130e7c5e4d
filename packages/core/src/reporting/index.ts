export { acceptMessages } from "./accept-messages.ts";
export { parseHl7 } from "./hl7.ts";
export { findReportsOfRecord } from "./of-record.store.ts";
export { type Message, readMessage } from "./read-message.ts";
export { read, type StudyReport } from "./read-report.ts";
export { type ReportState, type ReportVersion, reportStateOf } from "./report.ts";
