import type { Metadata } from "next";
import { Reds } from "#features/mdt/reds.tsx";
import { mayRefer } from "#features/referral/may-refer.ts";
import { WaitingReferrals } from "#features/referral/waiting-referrals.tsx";
import { WaitingActions } from "#features/room/waiting-actions.tsx";
import { Page } from "#features/shell/page.tsx";
import { ViewerAhead } from "#features/study/viewer-ahead.tsx";
import { RecentPatients } from "#features/timeline/recent-patients.tsx";
import { readFilters } from "#features/worklist/filters.ts";
import { Worklist } from "#features/worklist/worklist.tsx";
import { api } from "#server/caller.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "My list" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function WorklistPage({ searchParams }: { searchParams: Search }) {
  const filters = readFilters(await searchParams);
  const caller = await api();
  const activities = (await signedIn())?.actor.activities;
  const isAdvising = mayRefer(activities);
  const looks = activities?.includes("view") || activities?.includes("report");
  const [first, organisations, recent, referrals, actions, reds] = await Promise.all([
    caller.worklist.list({ filters }),
    caller.organisation.list({}),
    caller.timeline.listRecent({}),
    isAdvising ? caller.referral.count({}) : { waiting: 0, urgent: 0 },
    looks ? caller.room.countActions({}) : { waiting: 0, overdue: 0 },
    caller.mdt.listReds({}),
  ]);
  return (
    <Page title="My list">
      <ViewerAhead />
      <WaitingReferrals {...referrals} />
      <WaitingActions {...actions} />
      <Reds {...reds} />
      <RecentPatients patients={recent.patients} />
      <Worklist key={JSON.stringify(filters)} filters={filters} first={first} organisations={organisations} />
    </Page>
  );
}
