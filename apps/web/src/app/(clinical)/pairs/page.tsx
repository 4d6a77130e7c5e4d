import type { Metadata } from "next";
import { JoinByLookUp, JoinedLately } from "#features/correction/join-records.tsx";
import { Pairs } from "#features/patient/pairs.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "Who is who" };

export default async function PairsPage() {
  const who = await signedIn();
  const caller = await api();
  const pairs = await caller.patient.listPairs({ custodian: who?.actor.organisation ?? "" }).catch(refusalOf);
  const organisations = await caller.organisation.list({});
  if ("refused" in pairs) return <RefusedPage title="Who is who" refusal={pairs} />;
  const { joined } = await caller.correction.listJoined({});
  return (
    <Page
      title="Who is who"
      lead="Records that share an NHS number and were not joined, because something else differs. Join those that are one person; a pair that must never be joined can be marked."
    >
      <Pairs pairs={pairs} />
      <JoinByLookUp organisations={organisations} />
      <JoinedLately joined={joined} />
    </Page>
  );
}
