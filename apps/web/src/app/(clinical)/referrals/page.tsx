import type { Metadata } from "next";
import Link from "next/link";
import { Referrals } from "#features/referral/referrals.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Referrals" };

type Search = Promise<{ box?: string | string[] }>;

const BOXES = [
  ["received", "To you"],
  ["sent", "By you"],
] as const;

export default async function ReferralsPage({ searchParams }: { searchParams: Search }) {
  const box = (await searchParams).box === "sent" ? "sent" : "received";
  const caller = await api();
  const listed = await caller.referral.list({ box }).catch(refusalOf);
  if ("refused" in listed) return <RefusedPage title="Referrals" refusal={listed} />;
  const organisations = await caller.organisation.list({});
  return (
    <Page
      title="Referrals"
      lead="What colleagues ask of you, and you of them, about a patient's images. Each opens the record until its end."
    >
      <nav aria-label="Which referrals" className="flex gap-4">
        {BOXES.map(([key, name]) => (
          <Link
            key={key}
            href={`/referrals?box=${key}`}
            prefetch={false}
            aria-current={key === box ? "page" : undefined}
            className="text-accent underline aria-[current=page]:font-bold aria-[current=page]:no-underline"
          >
            {name}
          </Link>
        ))}
      </nav>
      <Referrals
        key={box}
        box={box}
        referrals={listed.referrals}
        trustNames={new Map(organisations.map(({ odsCode, name }) => [odsCode, name]))}
      />
    </Page>
  );
}
