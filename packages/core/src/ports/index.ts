export type { IdentityProvider } from "./identity-provider.ts";
export {
  againAt,
  type Channel,
  MOST_TRIES,
  type Notice,
  type Notifier,
  NotifierRefused,
  NotifierUnavailable,
  type Template,
} from "./notifier.ts";
export type {
  ByteRange,
  GetGrant,
  LockedStore,
  ObjectStore,
  PutGrant,
  PutOptions,
  SignedPut,
  StoredObject,
} from "./object-store.ts";
export type { Packed, PackedInstance, Packer, ToPack } from "./packer.ts";
export type { Drawable, Drawn, Pictures } from "./pictures.ts";
export {
  ObjectExists,
  ObjectNotFound,
  PackDiffers,
  QueueUnavailable,
  StoreUnavailable,
} from "./port-errors.ts";
export {
  type Arrivals,
  type Queue,
  type QueueDepth,
  type QueueGauge,
  type QueueMessage,
  URGENCIES,
  type Urgency,
} from "./queue.ts";
