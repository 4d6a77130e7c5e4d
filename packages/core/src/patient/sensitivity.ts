/** Classes of a person whose record is not everybody's (clinical page §7, §13). The mark of one trust holds in all. */
export const SENSITIVITIES = ["vip", "staff", "safeguarding", "sexual-health", "forensic", "s-flag"] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

/** That such a record exists is itself private: as if absent, on every door. Of the others it is said that something is withheld. */
export const HIDDEN: readonly string[] = ["safeguarding", "sexual-health", "forensic"];

export const isHidden = (classes: readonly string[]): boolean => classes.some((one) => HIDDEN.includes(one));
