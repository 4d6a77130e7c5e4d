export { isDiskFull, watchDisk } from "./disk.ts";
export {
  dataDirOf,
  homeFrom,
  isHome,
  openHome,
  ROOT,
  type Secrets,
  secretsAt,
  wealdVersion,
} from "./home.ts";
export { checkVersion, migrateHome } from "./home-version.ts";
export { type Owner, ownerOf, takeLock, waitForLock } from "./lock.ts";
export { StartFailed } from "./start-failed.ts";
export { readWhole, writeWhole } from "./whole-file.ts";
