"use client";
import type { Activity } from "@weald/core/kernel";
import { ChevronDown } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";

type Place = { href: string; name: string; for: readonly Activity[] };

const PLACES: readonly Place[] = [
  {
    href: "/worklist",
    name: "My list",
    for: ["report", "report-sent", "view", "acquire", "manage-archive", "list-for-mdt"],
  },
  { href: "/meetings", name: "Meetings", for: ["list-for-mdt", "report", "view"] },
  { href: "/look-up", name: "Look up a patient", for: ["report", "view", "acquire", "manage-archive"] },
  { href: "/prepare", name: "Prepare", for: ["report"] },
  { href: "/actions", name: "Actions", for: ["report", "view"] },
  { href: "/referrals", name: "Referrals", for: ["report", "state-relationship"] },
  { href: "/links", name: "Patients' links", for: ["report", "view", "acquire", "review-access"] },
  { href: "/upload", name: "Add images", for: ["acquire", "import-outside"] },
  { href: "/quarantine", name: "Quarantine", for: ["manage-archive", "watch-safety"] },
  { href: "/corrections", name: "Corrections", for: ["manage-archive", "acquire", "watch-safety"] },
  { href: "/pairs", name: "Who is who", for: ["manage-archive"] },
  { href: "/operations", name: "Operations", for: ["manage-archive"] },
  { href: "/administration/release", name: "Release", for: ["administer", "manage-archive"] },
  { href: "/administration/people", name: "People", for: ["administer"] },
  { href: "/audit", name: "Who looked", for: ["review-access"] },
  { href: "/administration/agreements", name: "Agreements", for: ["administer", "review-access"] },
  { href: "/broken-glass", name: "Broken glass", for: ["review-access"] },
  { href: "/restrictions", name: "Restrictions", for: ["restrict"] },
  { href: "/counts", name: "Counts", for: ["watch-safety"] },
];

/** So many stand in the bar on a screen 1280 wide; the rest wait under *More*. */
const MOST = 7;

const LINK =
  "rounded px-3 py-1.5 font-medium hover:bg-white/10 aria-[current=page]:bg-white/20 aria-[current=page]:underline aria-[current=page]:underline-offset-4";

const NavigationLink = ({ place: { href, name }, path }: { place: Place; path: string }) => (
  <Link
    href={href}
    prefetch={false}
    aria-current={path.startsWith(href) ? "page" : undefined}
    className={LINK}
  >
    {name}
  </Link>
);

function close(details: HTMLDetailsElement): void {
  details.open = false;
}

/** Closes by Escape, and once one goes elsewhere. */
function More({ places, path }: { places: readonly Place[]; path: string }) {
  const here = places.find(({ href }) => path.startsWith(href));
  return (
    <details
      key={path}
      className="relative"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !event.currentTarget.open) return;
        close(event.currentTarget);
        event.currentTarget.querySelector("summary")?.focus();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close(event.currentTarget);
      }}
    >
      <summary className={`${LINK} inline-flex cursor-pointer list-none items-center gap-1`}>
        <span className={here ? "underline underline-offset-4" : ""}>
          {here ? `More: ${here.name}` : "More"}
        </span>
        <ChevronDown aria-hidden size={16} />
      </summary>
      <div className="absolute top-full left-0 z-40 mt-1 flex min-w-48 flex-col gap-1 rounded bg-bar p-2 shadow-lg ring-1 ring-white/30">
        {places.map((place) => (
          <NavigationLink key={place.href} {...{ place, path }} />
        ))}
      </div>
    </details>
  );
}

export function Navigation({ activities }: { activities: readonly Activity[] }) {
  const path = usePathname();
  const places = PLACES.filter((place) => place.for.some((one) => activities.includes(one)));
  // A menu of one would be no shorter.
  const shown = places.length > MOST + 1 ? MOST : places.length;
  return (
    <nav aria-label="Main" className="flex flex-wrap gap-1">
      {places.slice(0, shown).map((place) => (
        <NavigationLink key={place.href} {...{ place, path }} />
      ))}
      {shown < places.length ? <More places={places.slice(shown)} path={path} /> : null}
    </nav>
  );
}
