/** By its own keys, as presenter, or where the presenter is. */
export type Mode = "own" | "presenting" | "following";

const keyOf = (meetingId: string) => `weald.room.${meetingId}`;

/** Of this tab, so that a reload goes on with it. Nothing of a patient. */
export function keepMode(meetingId: string, mode: Mode): void {
  try {
    if (mode === "own") sessionStorage.removeItem(keyOf(meetingId));
    else sessionStorage.setItem(keyOf(meetingId), mode);
  } catch {
    // A browser that keeps nothing: after a reload the window goes by its own keys.
  }
}

export function keptMode(meetingId: string): Mode {
  try {
    const kept = sessionStorage.getItem(keyOf(meetingId));
    return kept === "presenting" || kept === "following" ? kept : "own";
  } catch {
    return "own";
  }
}
