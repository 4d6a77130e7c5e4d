export { answerReferral } from "./answer-referral.ts";
export { findReceivers } from "./find-receivers.ts";
export { countReferrals, listReferrals } from "./list-referrals.ts";
export { openReferral } from "./open-referral.ts";
export { LONGEST_DAYS, type ReferralState, URGENCIES, USUAL_DAYS } from "./referral.ts";
export { noSuchReferral, referralFacts } from "./referral-facts.ts";
export { sendReferral } from "./send-referral.ts";
export { withdrawReferral } from "./withdraw-referral.ts";
