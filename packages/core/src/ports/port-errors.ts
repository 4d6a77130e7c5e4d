import { WealdError } from "../kernel/errors.ts";

export class ObjectNotFound extends WealdError {
  readonly kind = "not_found";
  readonly code = "OBJECT_NOT_FOUND";
  constructor(key: string, options?: ErrorOptions) {
    super("The object is not in the store.", { ...options, log: `no object ${key}` });
  }
}

export class ObjectExists extends WealdError {
  readonly kind = "conflict";
  readonly code = "OBJECT_EXISTS";
  constructor(key: string, options?: ErrorOptions) {
    super("The object is in the store already.", { ...options, log: `object exists ${key}` });
  }
}

export class StoreUnavailable extends WealdError {
  readonly kind = "unavailable";
  readonly code = "STORE_UNAVAILABLE";
  constructor(why: string, options?: ErrorOptions) {
    super("The image store can't be reached just now. Try again in a minute.", { ...options, log: why });
  }
}

export class QueueUnavailable extends WealdError {
  readonly kind = "unavailable";
  readonly code = "QUEUE_UNAVAILABLE";
  constructor(why: string, options?: ErrorOptions) {
    super("The service can't take work just now. Try again in a minute.", { ...options, log: why });
  }
}

/** The archive holds other bytes of a pack than were written: nothing of it may be read. */
export class PackDiffers extends WealdError {
  readonly kind = "unavailable";
  readonly code = "PACK_DIFFERS";
  constructor() {
    super("The archive holds other bytes than were written.");
  }
}
