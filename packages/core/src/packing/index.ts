export { foldNext } from "./fold-next.ts";
export { markDue } from "./mark-due.ts";
export { packNext } from "./pack-next.ts";
