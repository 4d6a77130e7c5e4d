export { hasChanged } from "./has-changed.ts";
export { listNeeded } from "./list-needed.ts";
export { listNews } from "./list-news.ts";
export { listProcedures, type Procedure } from "./list-procedures.ts";
export { list, WorklistFilters } from "./list-studies.ts";
export { type Scope, scopeOf } from "./scope.ts";
export { whoReads } from "./who-reads.ts";
export type { ListKind, RowCopy, WorklistRow } from "./worklist.ts";
