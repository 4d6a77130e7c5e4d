import type { Metadata } from "next";
import { Agreements } from "#features/organisation/agreements.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Page } from "#features/shell/page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "Agreements" };

export default async function AgreementsPage() {
  const caller = await api();
  const [who, listed] = [await signedIn(), await caller.organisation.listAgreements({}).catch(refusalOf)];
  if ("refused" in listed || !who)
    return (
      <Page title="Agreements">
        <Notice tone="amber" title={"refused" in listed ? listed.title : "You are not signed in"}>
          {"refused" in listed ? listed.text : "Sign in to go on."}
        </Notice>
      </Page>
    );
  const { organisation, activities } = who.actor;
  return (
    <Page
      title="Agreements"
      lead="Who shares what with whom, and from when to when. A member shares images, reports and requests with every other by default. An end leaves an hour to what is open; a privacy officer can stop at once."
    >
      <Agreements
        first={listed}
        organisations={await caller.organisation.list({})}
        own={organisation}
        mayEnd={activities.includes("administer")}
        mayStop={activities.includes("review-access")}
      />
    </Page>
  );
}
