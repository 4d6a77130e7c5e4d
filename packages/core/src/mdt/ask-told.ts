/** Why nothing was sent, where that isn't the notifier's own code. */
export type Untold = "NO_ADDRESS" | "NOT_A_MEMBER" | "NEVER_NOTED";

/** What became of the message to who was asked, as the page says it beside the request. Never where it went. */
export type Told = {
  state: "soon" | "again" | "sent" | "no-address" | "not-a-member" | "undelivered";
  at: Date | undefined;
};

export type TellRow = {
  tellState: string | null;
  tellFailed: string | null;
  toldAt: Date | null;
};

const FAILED: Readonly<Record<string, Told["state"]>> = {
  NO_ADDRESS: "no-address",
  NOT_A_MEMBER: "not-a-member",
} satisfies Partial<Record<Untold, Told["state"]>>;

/** @returns nothing where there is no message: asked in words, or answered before it left. */
export function toldOf({ tellState, tellFailed, toldAt }: TellRow): Told | undefined {
  const at = toldAt ?? undefined;
  if (tellState === "sent") return { state: "sent", at };
  if (tellState === "waiting") return { state: tellFailed ? "again" : "soon", at };
  if (tellState === "failed") return { state: FAILED[tellFailed ?? ""] ?? "undelivered", at };
  return undefined;
}
