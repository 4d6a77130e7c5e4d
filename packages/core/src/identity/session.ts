/** How a session was ended. Past its end it is over without a word. */
export const ENDINGS = ["signed-out", "replaced", "back-channel"] as const;
export type Ending = (typeof ENDINGS)[number];

export type SessionRow = {
  sessionId: string;
  personId: string;
  roleId: string;
  organisation: string;
  signedInAt: Date;
  provedAt: Date;
  lastSeenAt: Date;
  idleSeconds: number | null;
  lockedAt: Date | null;
  endsAt: Date;
  endedAt: Date | null;
  endedWhy: string | null;
};

/** Why a session is over, or `undefined` while it isn't. */
export function endingOf(
  { endedWhy, endsAt }: Pick<SessionRow, "endedWhy" | "endsAt">,
  now: Date,
): Ending | "shift-over" | undefined {
  const why = ENDINGS.find((one) => one === endedWhy);
  return why ?? (endsAt <= now ? "shift-over" : undefined);
}
