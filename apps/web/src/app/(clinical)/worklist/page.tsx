import type { Metadata } from "next";
import { Page } from "#features/shell/page.tsx";
import { ViewerAhead } from "#features/study/viewer-ahead.tsx";
import { RecentPatients } from "#features/timeline/recent-patients.tsx";
import { readFilters } from "#features/worklist/filters.ts";
import { Worklist } from "#features/worklist/worklist.tsx";
import { api } from "#server/caller.ts";

export const metadata: Metadata = { title: "My list" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function WorklistPage({ searchParams }: { searchParams: Search }) {
  const filters = readFilters(await searchParams);
  const caller = await api();
  const [first, organisations, recent] = await Promise.all([
    caller.worklist.list({ filters }),
    caller.organisation.list({}),
    caller.timeline.listRecent({}),
  ]);
  return (
    <Page title="My list">
      <ViewerAhead />
      <RecentPatients patients={recent.patients} />
      <Worklist key={JSON.stringify(filters)} filters={filters} first={first} organisations={organisations} />
    </Page>
  );
}
