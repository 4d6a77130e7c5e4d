export const REQUEST_STATES = ["requested", "booked", "arrived", "acquired", "cancelled"] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

export const PRIORITIES = ["routine", "urgent", "two-week-wait", "stat"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What a trust was asked to do, as the last message about it says (clinical page §1). */
export type ImagingRequest = {
  accessionNumber: string;
  issuer: string;
  procedureCode: string;
  procedureText: string;
  bodyPart: string | undefined;
  laterality: string | undefined;
  referrer: string | undefined;
  priority: Priority;
  question: string | undefined;
  state: RequestState;
  requestedAt: Date | undefined;
};
