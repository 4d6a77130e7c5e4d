import type { Metadata } from "next";
import { GlassReviews } from "#features/access/glass-reviews.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Broken glass" };

export default async function BrokenGlassPage() {
  const caller = await api();
  const counted = await caller.access.countGlass({}).catch(refusalOf);
  if ("refused" in counted) return <RefusedPage title="Broken glass" refusal={counted} />;
  return (
    <Page
      title="Broken glass"
      lead="Who of your trust opened a record that was closed to them, why, and what you say of it. Those without a fresh sign-in stand first."
    >
      <GlassReviews />
    </Page>
  );
}
