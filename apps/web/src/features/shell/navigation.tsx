"use client";
import type { Activity } from "@weald/core/kernel";
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
  { href: "/prepare", name: "Cases to prepare", for: ["report"] },
  { href: "/actions", name: "Actions", for: ["report", "view"] },
  { href: "/referrals", name: "Referrals", for: ["report", "state-relationship"] },
  { href: "/links", name: "Patients' links", for: ["report", "view", "acquire", "review-access"] },
  { href: "/upload", name: "Add images", for: ["acquire", "import-outside"] },
  { href: "/quarantine", name: "Quarantine", for: ["manage-archive", "watch-safety"] },
  { href: "/corrections", name: "Corrections", for: ["manage-archive", "acquire", "watch-safety"] },
  { href: "/pairs", name: "Who is who", for: ["manage-archive"] },
  { href: "/administration/release", name: "Release", for: ["administer", "manage-archive"] },
  { href: "/administration/people", name: "People", for: ["administer"] },
  { href: "/audit", name: "Who looked", for: ["review-access"] },
  { href: "/administration/agreements", name: "Agreements", for: ["administer", "review-access"] },
  { href: "/broken-glass", name: "Broken glass", for: ["review-access"] },
  { href: "/restrictions", name: "Restrictions", for: ["restrict"] },
  { href: "/counts", name: "Counts", for: ["watch-safety"] },
];

export function Navigation({ activities }: { activities: readonly Activity[] }) {
  const path = usePathname();
  return (
    <nav aria-label="Main" className="flex flex-wrap gap-1">
      {PLACES.filter((place) => place.for.some((one) => activities.includes(one))).map(({ href, name }) => (
        <Link
          key={href}
          href={href}
          prefetch={false}
          aria-current={path.startsWith(href) ? "page" : undefined}
          className="rounded px-3 py-1.5 font-medium hover:bg-white/10 aria-[current=page]:bg-white/20 aria-[current=page]:underline aria-[current=page]:underline-offset-4"
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
