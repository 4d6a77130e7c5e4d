import type { Metadata } from "next";
import { Corrections } from "#features/correction/corrections.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Page } from "#features/shell/page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Corrections" };

export default async function CorrectionsPage() {
  const caller = await api();
  const listed = await caller.correction.list({ which: "waiting" }).catch(refusalOf);
  if ("refused" in listed)
    return (
      <Page title="Corrections">
        <Notice tone="amber" title={listed.title}>
          {listed.text}
        </Notice>
      </Page>
    );
  return (
    <Page
      title="Corrections"
      lead="What your trust put right, who was told of it, and what waits for a second person. Each can be undone; what was sent stays as it was sent."
    >
      <Corrections first={listed} />
    </Page>
  );
}
