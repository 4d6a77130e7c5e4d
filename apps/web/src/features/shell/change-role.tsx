"use client";
import { UserCog } from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";

/** Another contract is another sign-in, with the choice of role; one comes back to the same place. */
export function ChangeRole() {
  const query = useSearchParams().toString();
  const from = encodeURIComponent(usePathname() + (query ? `?${query}` : ""));
  return (
    <a
      href={`/sign-in/again?from=${from}`}
      className="inline-flex min-h-9 items-center gap-1.5 rounded px-2 hover:bg-white/10"
    >
      <UserCog aria-hidden size={16} /> Change role
    </a>
  );
}
