import type { Metadata } from "next";
import { Corrections } from "#features/correction/corrections.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Corrections" };

export default async function CorrectionsPage() {
  const caller = await api();
  const listed = await caller.correction.list({ which: "waiting" }).catch(refusalOf);
  if ("refused" in listed) return <RefusedPage title="Corrections" refusal={listed} />;
  return (
    <Page
      title="Corrections"
      lead="What your trust put right, who was told of it, and what waits for a second person. Each can be undone; what was sent stays as it was sent."
    >
      <Corrections first={listed} />
    </Page>
  );
}
