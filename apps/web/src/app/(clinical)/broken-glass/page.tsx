import type { Metadata } from "next";
import { GlassReviews } from "#features/access/glass-reviews.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Page } from "#features/shell/page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Broken glass" };

export default async function BrokenGlassPage() {
  const caller = await api();
  const counted = await caller.access.countGlass({}).catch(refusalOf);
  if ("refused" in counted)
    return (
      <Page title="Broken glass">
        <Notice tone="amber" title={counted.title}>
          {counted.text}
        </Notice>
      </Page>
    );
  return (
    <Page
      title="Broken glass"
      lead="Who of your trust opened a record that was closed to them, why, and what you say of it. Those without a fresh sign-in stand first."
    >
      <GlassReviews />
    </Page>
  );
}
