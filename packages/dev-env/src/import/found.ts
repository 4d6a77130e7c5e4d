import type { SentFile, Source } from "../send/index.ts";

/** One object at the source: how it is known again after a restart, who it is, and how it came out. */
export type Found = {
  key: string;
  name: string;
  study: string | undefined;
  sop: string | undefined;
  outcome: SentFile["outcome"];
  code?: string | undefined;
  message?: string | undefined;
};

/** One object that a source offers. Nothing is fetched before `open`, so what is dealt with already costs nothing. */
export type Offer = {
  key: string;
  name: string;
  /** As the source's own index says, where it has one. */
  study?: string | undefined;
  sop?: string | undefined;
  /** @throws {NotFetched} where the source has it and doesn't give it */
  open(): Promise<Source>;
  /** After its outcome. */
  done?(): Promise<void>;
};

/** The source names an object and did not give it. */
export class NotFetched extends Error {
  readonly code = "NOT_FETCHED";
}
