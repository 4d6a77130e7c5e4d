import { WealdError } from "../kernel/errors.ts";

export type Channel = "email" | "sms";

/** What may be sent. Nothing of these says who somebody is or what was examined. */
export type Template = "link" | "code" | "passed-on" | "proxy-review" | "asked";

export type Notice = {
  channel: Channel;
  /** An e-mail address, or a telephone number in the form +44…. */
  to: string;
  template: Template;
  /** The link's token: the adapter makes the address of it, below the portal's own. */
  token?: string;
  /** A page of the portal, for staff: the adapter makes its address. */
  page?: `/${string}`;
  personalisation: Readonly<Record<string, string>>;
  /** Ours, for the sender's own record: an id, and nothing else. */
  reference: string;
};

/** Nothing will make this message go: an address that isn't one, a template that is wrong. */
export class NotifierRefused extends WealdError {
  readonly kind = "invalid";
  readonly code = "NOTIFIER_REFUSED";
  constructor(why: string, options?: ErrorOptions) {
    super("The message could not be delivered.", { ...options, log: why });
  }
}

/** It may go later: the service is away, or asks to wait. */
export class NotifierUnavailable extends WealdError {
  readonly kind = "unavailable";
  readonly code = "NOTIFIER_UNAVAILABLE";
  constructor(why: string, options?: ErrorOptions) {
    super("Messages can't be sent just now. Try again in a few minutes.", { ...options, log: why });
  }
}

/** What could not be sent so often is given up, and said to who wanted it. */
export const MOST_TRIES = 8;

/** When it is tried again, after so many tries that failed. Waits that grow: a minute, two, four, up to an hour. */
export const againAt = (now: Date, failed: number): Date =>
  new Date(now.getTime() + Math.min(60, 2 ** (failed - 1)) * 60_000);

/**
 * Sends a message to somebody (GOV.UK Notify; locally the region's mail box).
 *
 * @throws {NotifierRefused} `NOTIFIER_REFUSED`: for good
 * @throws {NotifierUnavailable} `NOTIFIER_UNAVAILABLE`: try again
 */
export interface Notifier {
  /** @returns The sender's own id of it. That it was taken, not that it was read. */
  send(notice: Notice): Promise<{ deliveredId: string }>;
}
