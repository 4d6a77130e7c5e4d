import type { Metadata } from "next";
import { Flags } from "#features/review/flags.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Unusual access" };

export default async function UnusualPage() {
  const caller = await api();
  const listed = await caller.review.listFlags({}).catch(refusalOf);
  if ("refused" in listed) return <RefusedPage title="Unusual access" refusal={listed} />;
  return (
    <Page
      title="Unusual access"
      lead="Looks that a rule found unusual, of your staff or at what your trust holds. A flag is a question, not a finding: ask, then say what came of it."
    >
      <Flags flags={listed.flags} />
    </Page>
  );
}
