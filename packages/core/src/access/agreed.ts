import type { Purpose } from "../kernel/index.ts";

/** What an agreement may be about. */
export const KINDS = ["images", "reports", "requests"] as const;
export type Kind = (typeof KINDS)[number];

/** One way by which a custodian shares with the reader's organisation. `endedAt`: its end has come, within the last hour. */
export type Sharing = { kinds: readonly string[]; purposes: readonly string[]; endedAt: Date | undefined };

/** What is open when an agreement ends may be read so much longer, unless it was stopped (clinical page §6). */
export const GRACE_MINUTES = 60;

export type Agreed = "yes" | "no" | { readonly endedAt: Date };

/** Whether any of the ways covers this kind of data for this purpose, now or until just now. */
export function agreedOn(sharing: readonly Sharing[], kind: Kind, purpose: Purpose): Agreed {
  const covering = sharing.filter(
    ({ kinds, purposes }) => kinds.includes(kind) && purposes.includes(purpose),
  );
  if (covering.some(({ endedAt }) => !endedAt)) return "yes";
  const [ended] = covering.map(({ endedAt }) => endedAt).sort((a, b) => Number(b) - Number(a));
  return ended ? { endedAt: ended } : "no";
}
