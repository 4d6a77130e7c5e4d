"use client";
import { Lock } from "lucide-react";
import { useSessionKeeper } from "./trpc.tsx";
import { useHydrated } from "./use-hydrated.ts";

/** For whoever leaves the workstation now. */
export function LockButton() {
  const keeper = useSessionKeeper();
  const isHydrated = useHydrated();
  return (
    <button
      type="button"
      disabled={!isHydrated}
      onClick={() => keeper.lockNow("asked")}
      className="inline-flex min-h-9 items-center gap-1.5 rounded px-2 hover:bg-white/10 disabled:opacity-55"
    >
      <Lock aria-hidden size={16} /> Lock
    </button>
  );
}
