export { dicomwebOffers } from "./dicomweb-offers.ts";
export { folderOffers } from "./folder-offers.ts";
export { NotFetched, type Offer } from "./found.ts";
export { importByMove } from "./import-by-move.ts";
export { importObjects } from "./import-objects.ts";
export { ImportState } from "./import-state.ts";
export type { Reconciliation } from "./reconcile.ts";
export { csvReport, textReport } from "./report.ts";
