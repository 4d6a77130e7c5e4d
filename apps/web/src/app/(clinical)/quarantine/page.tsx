import type { Metadata } from "next";
import { Quarantine } from "#features/ingest/quarantine.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Quarantine" };

export default async function QuarantinePage() {
  const caller = await api();
  const listed = await caller.ingest.listQuarantine({ state: "waiting" }).catch(refusalOf);
  if ("refused" in listed) return <RefusedPage title="Quarantine" refusal={listed} />;
  return (
    <Page
      title="Quarantine"
      lead="What your trust sent and Weald did not take in, each with its reason. Nothing here is lost, and nothing here is in the record."
    >
      <Quarantine first={listed} />
    </Page>
  );
}
