export { BackupSpoilt, checkSums } from "./manifest.ts";
export { restoreBackup } from "./restore-backup.ts";
export { type BackupOptions, takeBackup } from "./take-backup.ts";
