import type { Metadata } from "next";
import { People } from "#features/identity/people.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage() {
  const caller = await api();
  const listed = await caller.identity.listPeople({}).catch(refusalOf);
  if ("refused" in listed) return <RefusedPage title="People" refusal={listed} />;
  return (
    <Page
      title="People"
      lead="Who may do what at your trust: by their role at the identity provider, and by what an administrator gave them beside it. A change counts from their next request."
    >
      <People />
    </Page>
  );
}
