export const REQUEST_STATES = ["requested", "booked", "arrived", "acquired", "cancelled"] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

export const PRIORITIES = ["routine", "urgent", "two-week-wait", "stat"] as const;
export type Priority = (typeof PRIORITIES)[number];

export const BOOKINGS = ["booked", "cancelled", "no-show"] as const;
export type Booking = (typeof BOOKINGS)[number];

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

/** What a message may say of a request. The modality worklist is made of these and of nothing else. */
export type RequestFields = {
  procedureCode: string;
  procedureText: string;
  bodyPart: string;
  laterality: string;
  referrer: string;
  /** The identity provider's id of who asked. */
  referrerId: string;
  priority: Priority;
  question: string;
  orderState: RequestState;
  booking: Booking;
  requestedAt: Date;
  placerNumber: string;
  scheduledAt: Date;
  modality: string;
  stationName: string;
  stationAe: string;
  location: string;
  requestedProcedureId: string;
  scheduledStepId: string;
  studyInstanceUid: string;
  patientRecordId: string;
};

/**
 * The order's word and the booking's in one: a patient who has arrived is not "booked" by a late booking message, a
 * cancelled order stays cancelled when its slot is given up, and a slot that was given up leaves the request standing.
 */
export function requestStateOf(
  order: RequestState | undefined,
  booking: Booking | undefined,
  isBookingNewer: boolean,
): RequestState {
  if (order === "arrived" || order === "acquired" || order === "cancelled") return order;
  if (booking === "booked") return "booked";
  if (booking && isBookingNewer) return "requested";
  return order ?? "requested";
}
