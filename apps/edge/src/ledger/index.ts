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
export { type Ledger, LedgerUnavailable } from "./ledger.ts";
export { type Incoming, type Settled, Spool, type SpoolOptions } from "./spool.ts";
