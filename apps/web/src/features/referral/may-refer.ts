import type { Activity } from "@weald/core/kernel";

/** Who gives and takes clinical opinions, as `referral.use` decides it. */
export const ADVISING: readonly Activity[] = ["report", "state-relationship"];

export const mayRefer = (activities: readonly Activity[] | undefined): boolean =>
  ADVISING.some((one) => activities?.includes(one));
