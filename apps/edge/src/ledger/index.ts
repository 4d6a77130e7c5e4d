export { SpoolFull } from "./disk.ts";
export {
  type Item,
  KINDS,
  type Kind,
  type NewItem,
  OUTCOMES,
  type Outcome,
  URGENCIES,
  type Urgency,
} from "./item.ts";
export { isLarge, type Ledger, LedgerUnavailable } from "./ledger.ts";
export { type Incoming, Spool, type SpoolOptions } from "./spool.ts";
export type { Amount, Standing } from "./standing.ts";
