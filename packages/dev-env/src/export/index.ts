export { type TakeoutApi, takeoutApi, type Whose } from "./api.ts";
export { type Exported, exportRecords } from "./export-records.ts";
export { ExportFolder } from "./files.ts";
export { verifyExport } from "./verify.ts";
