import type { Activity } from "@weald/core/kernel";
import Link from "next/link";
import { ChangeRole } from "./change-role.tsx";
import { LockButton } from "./lock-button.tsx";
import { Navigation } from "./navigation.tsx";
import { SearchBox } from "./search-box.tsx";
import { SignOutButton } from "./sign-out-button.tsx";
import type { Theme } from "./theme.ts";
import { ThemeToggle } from "./theme-toggle.tsx";

type Props = {
  name: string;
  role: string;
  organisation: string;
  activities: readonly Activity[];
  theme: Theme;
};

/** Who may look somebody up. */
const FINDING: readonly Activity[] = ["view", "list-for-mdt"];

/** One always sees for which trust one acts (clinical page §19). */
export function Header({ name, role, organisation, activities, theme }: Props) {
  return (
    <header className="flex flex-wrap items-center gap-x-6 gap-y-2 bg-bar px-4 py-2 text-on-bar sm:px-6">
      <Link href="/worklist" prefetch={false} className="text-xl font-bold tracking-tight">
        Weald
      </Link>
      <Navigation activities={activities} />
      <div className="ml-auto flex flex-wrap items-center gap-x-3 gap-y-1">
        {FINDING.some((one) => activities.includes(one)) ? <SearchBox /> : null}
        <p className="text-right text-sm leading-tight">
          <Link href="/sessions" prefetch={false} className="block font-semibold hover:underline">
            {name}
          </Link>
          <span>
            {role}, for <strong>{organisation}</strong>
          </span>
        </p>
        <ChangeRole />
        <ThemeToggle initial={theme} />
        <LockButton />
        <SignOutButton />
      </div>
    </header>
  );
}
