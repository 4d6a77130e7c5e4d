/** What went wrong, in terms that every door can translate. A door's table is a total `Record<ErrorKind, …>`. */
export type ErrorKind =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "unsupported"
  | "too_large"
  | "unavailable";

export type WealdErrorOptions = ErrorOptions & {
  /** For our log: ids and counts, never a name, a date of birth, an NHS number or free text. */
  log?: string;
};

/** The base of every error that a door may show. `message` is for the person, `log` for us. */
export abstract class WealdError extends Error {
  abstract readonly kind: ErrorKind;
  abstract readonly code: string;
  readonly log: string | undefined;

  constructor(message: string, options: WealdErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.log = options.log;
  }
}

/** The policy said no. `reason` is a stable code of the policy's table of cases. */
export class AccessDenied extends WealdError {
  readonly kind = "forbidden";
  readonly code: string;
  readonly reason: string;
  constructor(reason: string, message = "You may not do this.", code = "ACCESS_DENIED") {
    super(message, { log: `denied: ${reason}` });
    this.reason = reason;
    this.code = code;
  }
}

const SESSION_OVER = {
  SESSION_ENDED: "Your session has ended. Sign in again to go on.",
  SESSION_LOCKED: "This session is locked. Prove who you are to go on.",
} as const;

/** The session by which somebody asks was ended, or is locked. */
export class SessionOver extends WealdError {
  readonly kind = "unauthenticated";
  readonly code: keyof typeof SESSION_OVER;
  constructor(code: keyof typeof SESSION_OVER) {
    super(SESSION_OVER[code]);
    this.code = code;
  }
}

/** A meeting's display was asked for something that isn't of its list. */
export class DisplayOnly extends WealdError {
  readonly kind = "forbidden";
  readonly code = "DISPLAY_ONLY";
  constructor() {
    super(
      "This window is a meeting's display: it shows that meeting's list and nothing else. Leave it first.",
    );
  }
}

/** Neither the audit nor its spool can be written: nothing is shown that nobody would know was shown. */
export class AuditUnavailable extends WealdError {
  readonly kind = "unavailable";
  readonly code = "AUDIT_UNAVAILABLE";
  constructor(options?: ErrorOptions) {
    super(
      "Weald can't record who looks just now, so it shows nothing. Try again in a minute; if a patient is in danger, use break-glass.",
      { ...options, log: "neither the audit nor its spool was written" },
    );
  }
}

const DATABASE = {
  away: {
    code: "DATABASE_AWAY",
    message:
      "Weald's database can't be reached just now. Nothing that was sent is lost. Try again in a minute; if you were changing something, look first whether it is done.",
  },
  slow: {
    code: "DATABASE_SLOW",
    message: "Weald's database is too slow just now, and nothing was done. Try again in a minute.",
  },
} as const;

/** No fault of what was asked: the database is away, or slower than a transaction may take. */
export class DatabaseUnavailable extends WealdError {
  readonly kind = "unavailable";
  readonly code: (typeof DATABASE)[keyof typeof DATABASE]["code"];
  constructor(why: keyof typeof DATABASE, options?: ErrorOptions) {
    const { code, message } = DATABASE[why];
    super(message, { ...options, log: `the database is ${why}` });
    this.code = code;
  }
}

export class NotFound extends WealdError {
  readonly kind = "not_found";
  readonly code: string;
  constructor(code: string, message: string, log?: string) {
    super(message, log === undefined ? {} : { log });
    this.code = code;
  }
}

export class Invalid extends WealdError {
  readonly kind = "invalid";
  readonly code: string;
  constructor(code: string, message: string, log?: string) {
    super(message, log === undefined ? {} : { log });
    this.code = code;
  }
}

export class Conflict extends WealdError {
  readonly kind = "conflict";
  readonly code: string;
  constructor(code: string, message: string, log?: string) {
    super(message, log === undefined ? {} : { log });
    this.code = code;
  }
}
