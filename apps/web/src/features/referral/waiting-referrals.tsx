import Link from "next/link";
import { Badge } from "#features/shell/badge.tsx";

/** Where everybody begins their day: what others ask of them. */
export function WaitingReferrals({ waiting, urgent }: { waiting: number; urgent: number }) {
  if (waiting === 0) return null;
  return (
    <p>
      <Badge tone={urgent > 0 ? "danger" : "amber"}>
        {waiting === 1 ? "1 referral waits for you" : `${waiting} referrals wait for you`}
        {urgent > 0 ? `, ${urgent} urgent` : ""}
      </Badge>{" "}
      <Link href="/referrals" prefetch={false} className="text-accent underline">
        Open referrals
      </Link>
    </p>
  );
}
