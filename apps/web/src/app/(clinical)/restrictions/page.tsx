import type { Metadata } from "next";
import { Marks } from "#features/access/marks.tsx";
import { Restrictions } from "#features/access/restrictions.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "Restrictions" };

export default async function RestrictionsPage() {
  const caller = await api();
  const listed = await caller.access.listObjections({}).catch(refusalOf);
  if ("refused" in listed) return <RefusedPage title="Restrictions" refusal={listed} />;
  return (
    <Page
      title="Restrictions"
      lead="Which patients of your trust are marked as sensitive, what they asked to keep to it, and who of the staff is a patient."
    >
      <h2>Marked patients</h2>
      <Marks first={await caller.patient.listMarks({})} />
      <h2>Objections</h2>
      <Restrictions
        first={listed}
        mayStateOwn={(await signedIn())?.actor.activities.includes("review-access") === true}
      />
    </Page>
  );
}
