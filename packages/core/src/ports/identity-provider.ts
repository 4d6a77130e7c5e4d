/** Who says who people are (NHS CIS2). */
export type IdentityProvider = {
  /** Whether it answers at this moment, within two seconds. Never throws. */
  isThere(): Promise<boolean>;
};
