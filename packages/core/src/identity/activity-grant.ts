/** The longest that an activity is given for at once: then somebody looks at it again. */
export const LONGEST_DAYS = 366;

export type ActivityGrant = {
  grantId: string;
  personId: string;
  activity: string;
  modalities: string[];
  bodyParts: string[];
  startsAt: Date;
  endsAt: Date;
  grantedBy: string;
  grantedAt: Date;
  reason: string;
  endedBy: string | null;
  endedReason: string | null;
};
