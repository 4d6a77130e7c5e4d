import type { Database } from "@weald/db";
import type {
  Arrivals,
  IdentityProvider,
  LockedStore,
  Notifier,
  ObjectStore,
  Packer,
  Pictures,
  Queue,
  QueueGauge,
} from "../ports/index.ts";
import type { Actor } from "./actor.ts";
import type { Purpose } from "./purpose.ts";

export type Ports = {
  readonly inbox: ObjectStore;
  readonly archive: ObjectStore;
  /** Share objects: what is narrower than what is stored. Swept; nothing in it is the only copy of anything. */
  readonly shares: ObjectStore;
  /** Audit rows that the database did not take, written once until they are merged. */
  readonly spool: ObjectStore;
  /** Copies of the seals of the audit. */
  readonly seals: LockedStore;
  /** Objects that wait in the inbox, as the bucket's own notifications tell of them. */
  readonly arrivals: Arrivals;
  readonly facts: Queue;
  /** How much stands in them. */
  readonly queueGauge: QueueGauge;
  readonly identityProvider: IdentityProvider;
  readonly pictures: Pictures;
  readonly packer: Packer;
  /** Messages to patients and to whom they pass a link on. */
  readonly notifier: Notifier;
};

/** What a process has for its whole life. Composed once, in `@weald/adapters`. */
export type Service = {
  readonly db: Database;
  readonly ports: Ports;
  readonly now: () => Date;
  /** Keys the pseudonymous storage ids of studies. Never changes in the life of a region. */
  readonly storageIdSecret: string;
  readonly log: (line: LogLine) => void;
  /** Named points at which the crash test kills the process; nothing in production. */
  readonly crashPoint: (name: CrashPoint) => void;
};

export type CrashPoint =
  | "after-inbox-put"
  | "after-inbox-read"
  | "after-archive-put"
  | "after-pack-claim"
  | "after-pack-put"
  | "after-manifest-put"
  | "before-commit"
  | "after-commit"
  | "after-inbox-delete";

/** Internal ids, codes and counts only. */
export type LogLine = {
  level: "info" | "warn" | "error";
  event: string;
  [field: string]: string | number | boolean | undefined;
};

/**
 * From where a request came, as its door knows it: the client's address as a trusted proxy forwards it, the program or AE
 * title that a gateway names.
 */
export type Source = { readonly address?: string; readonly system?: string };

/** One request, message or tick. */
export type Ctx = {
  readonly service: Service;
  readonly actor: Actor;
  readonly door: "portal" | "link" | "send" | "dicomweb" | "queue" | "timer" | "back-channel" | "test";
  /** The session by which a person asks; the waist checks in each transaction that it is alive. */
  readonly session?: { readonly id: string };
  readonly purpose?: Purpose;
  readonly source?: Source;
  readonly correlationId: string;
};
