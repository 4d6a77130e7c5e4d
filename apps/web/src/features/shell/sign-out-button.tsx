import { LogOut } from "lucide-react";

/** A form: it signs out also where the page's code doesn't run. */
export function SignOutButton() {
  return (
    <form method="post" action="/api/sign-out">
      <button
        type="submit"
        className="inline-flex min-h-9 items-center gap-1.5 rounded px-2 hover:bg-white/10"
      >
        <LogOut aria-hidden size={16} /> Sign out
      </button>
    </form>
  );
}
