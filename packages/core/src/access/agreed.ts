import type { Purpose } from "../kernel/index.ts";
import type { Kind } from "../organisation/index.ts";

/** One way by which a custodian shares with the reader's organisation. `endedAt`: its end has come, within the last hour. */
export type Sharing = { kinds: readonly string[]; purposes: readonly string[]; endedAt: Date | undefined };

export type Agreed = "yes" | "no" | { readonly endedAt: Date };

/** What an agreement must cover for a look. No agreement names emergencies: they are care. */
export const agreedPurpose = (purpose: Purpose): Purpose =>
  purpose === "emergency" ? "direct-care" : purpose;

/** Whether any of the ways covers this kind of data for this purpose, now or until just now. */
export function agreedOn(sharing: readonly Sharing[], kind: Kind, purpose: Purpose): Agreed {
  const covering = sharing.filter(
    ({ kinds, purposes }) => kinds.includes(kind) && purposes.includes(agreedPurpose(purpose)),
  );
  if (covering.some(({ endedAt }) => !endedAt)) return "yes";
  const [ended] = covering.map(({ endedAt }) => endedAt).sort((a, b) => Number(b) - Number(a));
  return ended ? { endedAt: ended } : "no";
}
