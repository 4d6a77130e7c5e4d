import type { Metadata } from "next";
import { LookUp } from "#features/patient/look-up.tsx";
import { Page } from "#features/shell/page.tsx";
import { RecentPatients } from "#features/timeline/recent-patients.tsx";
import { api } from "#server/caller.ts";

export const metadata: Metadata = { title: "Look up a patient" };

export default async function LookUpPage() {
  const caller = await api();
  const [organisations, recent] = await Promise.all([
    caller.organisation.list({}),
    caller.timeline.listRecent({}),
  ]);
  return (
    <Page
      title="Look up a patient"
      lead="By NHS number, by a trust's own number, or by full name and date of birth. You see who it is; their studies come when you have said why you look."
    >
      <RecentPatients patients={recent.patients} />
      <LookUp organisations={organisations} />
    </Page>
  );
}
