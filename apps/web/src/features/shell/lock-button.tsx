"use client";
import { Lock } from "lucide-react";
import { useSessionKeeper } from "./trpc.tsx";

/** For whoever leaves the workstation now. */
export function LockButton() {
  const keeper = useSessionKeeper();
  return (
    <button
      type="button"
      onClick={() => keeper.lockNow("asked")}
      className="inline-flex min-h-9 items-center gap-1.5 rounded px-2 hover:bg-white/10"
    >
      <Lock aria-hidden size={16} /> Lock
    </button>
  );
}
