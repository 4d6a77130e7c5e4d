import type { ApiError } from "./trpc.tsx";

const OF_REASON: Record<string, string> = {
  "no-relationship": "You have no relationship with this patient yet. Say why you look, then it opens.",
  "other-trust": "These images belong to another trust. Your role shows your own trust's work.",
  sensitive:
    "This record is restricted. Ask the trust that holds it, or break the glass on the patient's page.",
  objection: "The patient asked that this isn't seen beyond the trust that holds it.",
  "own-record": "This is your own record. As a member of staff you don't open it: ask for it as a patient.",
  "agreement-ended": "The trust that holds this shares no more with yours. Ask it by telephone.",
  "not-agreed": "No agreement with the trust that holds this covers what you ask for.",
  "fresh-sign-in": "Sign in once more, then it opens.",
  "own-access": "This was your own access. Another privacy officer has to review it.",
  "members-only": "Only a member of the region adds organisations to it.",
  "not-for-this-role": "Your role for this trust doesn't include this.",
  "not-your-meeting": "You don't belong to this meeting. Its coordinator can name you as a member.",
  "not-published": "This list isn't published now. Members see it from when it is, until a set time after.",
  "not-a-named-member":
    "Only its chair, or a coordinator who is named as a member, begins a meeting's display.",
  "display-only": "This window is a meeting's display: it shows that meeting's list and nothing else.",
  "not-the-chair": "Only the chair of the meeting signs what it decided.",
  "not-asked-of-you": "This was asked of somebody else.",
  "not-your-trust": "This belongs to another trust's PACS team.",
  "own-proposal": "You asked for this yourself. Another authorised person of your trust has to confirm it.",
  "own-grant": "Nobody gives themselves an activity. Ask another administrator of your trust.",
  "own-look": "This is your own look. Another officer has to judge it.",
  "not-your-notice": "This notice is somebody else's.",
  "not-your-upload": "This upload was begun by somebody else, or under another of your contracts.",
};

/** What to tell a person of an error: what happened and what to do. Never a stack, never a bare code. */
export function errorText(error: Pick<ApiError, "message" | "data">): string {
  const reason = error.data?.weald?.reason;
  if (reason && OF_REASON[reason]) return OF_REASON[reason];
  if (error.data) return error.message;
  return "Weald can't be reached. Check the connection; it tries again by itself.";
}
