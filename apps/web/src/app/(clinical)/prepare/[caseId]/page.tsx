import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { CasePage } from "#features/room/case-page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { settings } from "#server/settings.ts";

export const metadata: Metadata = { title: "Case of a meeting" };

export default async function PrepareCasePage({ params }: { params: Promise<{ caseId: string }> }) {
  const { caseId } = await params;
  const caller = await api();
  const found = await caller.room.readCase({ caseId }).catch(refusalOf);
  if ("refused" in found) {
    if (found.refused === "not-found") notFound();
    return <RefusedPage title="Case of a meeting" refusal={found} />;
  }
  return <CasePage first={found} isDemonstration={settings().isDemonstration} />;
}
