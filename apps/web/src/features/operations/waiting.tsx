import Link from "next/link";
import { Badge } from "#features/shell/badge.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";
import { inCount, since } from "./words.ts";

type Read = Outputs["operations"]["readWaiting"];
type Line = {
  name: string;
  count: number;
  oldest?: string | undefined;
  where: { href: string; name: string };
};

const linesOf = ({
  quarantine,
  notArrived,
  corrections,
  messagesNotDelivered,
  asksNotTold,
}: Read): Line[] => [
  {
    name: "Put aside in quarantine",
    ...quarantine,
    where: { href: "/quarantine", name: "Decide in Quarantine" },
  },
  {
    name: "Announced over 15 minutes ago and not here yet",
    ...notArrived,
    where: { href: "#gateways", name: "Look at the gateways below" },
  },
  {
    name: "Corrections that wait for a second person",
    ...corrections,
    where: { href: "/corrections", name: "Confirm in Corrections" },
  },
  {
    name: "Messages to patients that were not delivered",
    ...messagesNotDelivered,
    where: { href: "/links", name: "Their senders have a task in Patients' links" },
  },
  {
    name: "Requests of meetings whose message reached nobody",
    ...asksNotTold,
    where: { href: "/meetings", name: "Their coordinators see them in Meetings" },
  },
];

/** What failed or waits for somebody, each with where it is solved. */
export function Waiting(read: Read) {
  const lines = linesOf(read).filter(({ count }) => count > 0);
  if (lines.length === 0)
    return (
      <p>
        <Badge tone="green">Nothing failed, and nothing waits for a person.</Badge>
      </p>
    );
  return (
    <ul className="flex flex-col gap-3">
      {lines.map(({ name, count, oldest, where }) => (
        <li
          key={name}
          className="flex flex-wrap items-baseline justify-between gap-x-4 border-line border-b pb-2"
        >
          <span>
            <span className="font-semibold tabular-nums">{inCount(count)}</span> {name}
            {oldest ? `, the oldest for ${since(oldest, read.asOf)}` : ""}
          </span>
          <Link href={where.href} prefetch={false} className="underline">
            {where.name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
