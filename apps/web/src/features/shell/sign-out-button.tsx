"use client";
import { LogOut } from "lucide-react";
import { signOut } from "next-auth/react";

export function SignOutButton() {
  return (
    <button
      type="button"
      onClick={() => signOut({ callbackUrl: "/sign-in" })}
      className="inline-flex min-h-9 items-center gap-1.5 rounded px-2 hover:bg-white/10"
    >
      <LogOut aria-hidden size={16} /> Sign out
    </button>
  );
}
