import type { Metadata } from "next";
import { EventCounts } from "#features/review/event-counts.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Counts" };

export default async function CountsPage() {
  const caller = await api();
  const counted = await caller.review.countEvents({}).catch(refusalOf);
  if ("refused" in counted) return <RefusedPage title="Counts" refusal={counted} />;
  return (
    <Page
      title="Counts"
      lead="What was done in your trust in the last seven days, how often, and how often it was refused or failed. Numbers alone: nobody is named."
    >
      <EventCounts counts={counted.counts} />
    </Page>
  );
}
