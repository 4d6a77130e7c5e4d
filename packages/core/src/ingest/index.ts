export { acceptObjects } from "./accept-objects.ts";
export { arrivedKeys } from "./arrival.ts";
export {
  type ArrivalHour,
  countNotArrived,
  type Delay,
  firstSettledSince,
  readDelay,
  sumArrivals,
  sumQuarantine,
} from "./arrivals.store.ts";
export { beginAndSign } from "./begin-and-sign.ts";
export { beginUpload } from "./begin-upload.ts";
export { clearFromInbox } from "./clear-from-inbox.ts";
export { type Compared, type Comparison, compareQuarantined } from "./compare-quarantined.ts";
export { confirmOutside, discardOutside } from "./decide-outside.ts";
export {
  discardQuarantined,
  holdForAPerson,
  reopen,
  retryQuarantined,
  sendBack,
} from "./decide-quarantine.ts";
export { finishUpload } from "./finish-upload.ts";
export { isoDate } from "./identity-of.ts";
export { createItems, createUpload, findItems, findUpload, type Outcome, settleItem } from "./inbox.store.ts";
export { type ArrivalKind, type InboxPlace, placeOf } from "./inbox-key.ts";
export { letGoOfOutcomes } from "./let-go-of-outcomes.ts";
export { listOutside } from "./list-outside.ts";
export { listQuarantine } from "./list-quarantine.ts";
export {
  countWaitingOf,
  findStateOfItem,
  findWaitingMessages,
  isMessageWaiting,
  type QuarantineIdentity,
  type QuarantineRow,
  quarantine,
} from "./quarantine.store.ts";
export { readOutcomes } from "./read-outcomes.ts";
export { type NotHere, reconcile } from "./reconcile.ts";
export { FilesToSign, newItems, type SignedItem, signItems, signPuts } from "./sign-items.ts";
export { signQuarantined } from "./sign-quarantined.ts";
export { solveConflict } from "./solve-conflict.ts";
export { sweepInbox } from "./sweep-inbox.ts";
export { instantOf } from "./trust-time.ts";
