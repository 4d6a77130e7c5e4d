/** Where somebody is on the way in. */
export type Step =
  | { at: "begin" }
  | { at: "code"; token: string }
  | { at: "locked"; token: string }
  | { at: "over"; why: "ended" | "expired"; token: string }
  | { at: "new-link-asked" }
  | { at: "not-mine" };
