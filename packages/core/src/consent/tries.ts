/** Limits of the second factor (clinical page §18): by link, by address, by patient. The same for a token that is none. */
export const PAUSE_AFTER = 5;
export const LOCK_AFTER = 10;
export const PAUSE_MINUTES = 15;
const ADDRESS_WRONG_IN_HOUR = 20;
const PATIENT_WRONG_IN_DAY = 30;
const ASKED_OF_LINK = 3;
const ASKED_FROM_ADDRESS = 20;
const ASKED_OF_PATIENT = 10;

const MINUTE = 60_000;

export type Tries = {
  /** Of this token, since a code was right last: oldest first. */
  wrong: readonly Date[];
  wrongFromAddressInHour: number;
  wrongOfPatientInDay: number;
  askedInPause: number;
  askedFromAddressInHour: number;
  askedOfPatientInHour: number;
};

export type Standing = { state: "open" } | { state: "paused"; until: Date } | { state: "locked" };

/** Whether another try is heard now. */
export function judgeTries(
  { wrong, wrongFromAddressInHour, wrongOfPatientInDay }: Tries,
  now: Date,
): Standing {
  if (wrong.length >= LOCK_AFTER) return { state: "locked" };
  const fifth = wrong[PAUSE_AFTER - 1];
  const until = fifth && new Date(fifth.getTime() + PAUSE_MINUTES * MINUTE);
  if (until && until > now) return { state: "paused", until };
  const isFlooded =
    wrongFromAddressInHour >= ADDRESS_WRONG_IN_HOUR || wrongOfPatientInDay >= PATIENT_WRONG_IN_DAY;
  return isFlooded
    ? { state: "paused", until: new Date(now.getTime() + PAUSE_MINUTES * MINUTE) }
    : { state: "open" };
}

/** Whether another code may go out. */
export const maySendCode = (tries: Tries, now: Date): boolean =>
  judgeTries(tries, now).state === "open" &&
  tries.askedInPause < ASKED_OF_LINK &&
  tries.askedFromAddressInHour < ASKED_FROM_ADDRESS &&
  tries.askedOfPatientInHour < ASKED_OF_PATIENT;
