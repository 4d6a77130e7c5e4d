import type { TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import type { AppRouter } from "#server/routers/app.ts";
import type { OverCode, SessionKeeper } from "./session-keeper.ts";

/** What the keeper itself asks is never held. */
const OWN = new Set(["identity.readSession", "identity.touchSession", "identity.lockSession"]);
const CODES: readonly OverCode[] = ["SESSION_LOCKED", "SESSION_ENDED"];

type Refused = { data?: { code?: string; weald?: { code?: string } | undefined } | null | undefined };

/** A request that was refused because its session is locked or over did nothing: it may be asked again. */
function overCodeOf({ data }: Refused): OverCode | undefined {
  const said = data?.weald?.code;
  if (said === undefined) return data?.code === "UNAUTHORIZED" ? "SESSION_ENDED" : undefined;
  return CODES.find((code) => code === said);
}

/** Holds requests while the session is locked, and asks again what was refused for it: nothing is lost by a lock. */
export const sessionLink =
  (keeper: SessionKeeper): TRPCLink<AppRouter> =>
  () =>
  ({ op, next }) =>
    observable((observer) => {
      let stop = () => {};
      function wait(): void {
        stop = keeper.untilOpen(go);
      }
      function go(): void {
        const subscription = next(op).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error(error) {
            const code = OWN.has(op.path) ? undefined : overCodeOf(error);
            if (!code || !keeper.refused(code)) return observer.error(error);
            wait();
          },
        });
        stop = () => subscription.unsubscribe();
      }
      if (OWN.has(op.path) || keeper.isOpen()) go();
      else wait();
      return () => stop();
    });
