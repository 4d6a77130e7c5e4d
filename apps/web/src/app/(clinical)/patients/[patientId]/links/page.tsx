import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ContactList } from "#features/links/contact-list.tsx";
import { LinkList } from "#features/links/link-list.tsx";
import { Proxies } from "#features/links/proxies.tsx";
import { Wishes } from "#features/links/wishes.tsx";
import { Page, Panel } from "#features/shell/page.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "The patient's links" };

export default async function PatientLinksPage({ params }: { params: Promise<{ patientId: string }> }) {
  const { patientId } = await params;
  const [caller, who] = await Promise.all([api(), signedIn()]);
  const opened = await caller.timeline.read({ patientId }).catch(refusalOf);
  if ("refused" in opened && opened.refused === "not-found") notFound();
  if ("refused" in opened) return <RefusedPage title="The patient's links" refusal={opened} />;
  const own = opened.records.find(({ custodian }) => custodian === who?.actor.organisation);
  if (!own)
    return (
      <RefusedPage
        title="The patient's links"
        refusal={{
          title: "Your trust holds no images of this patient",
          text: "The trust that holds them shares them.",
        }}
      />
    );
  return (
    <Page title="The patient's links">
      <Panel className="px-4 py-3">
        <PatientBanner patient={own} now={new Date()} />
      </Panel>
      <LinkList patientId={patientId} />
      <Wishes patientId={patientId} />
      <ContactList patientId={patientId} />
      <Proxies patientId={patientId} />
    </Page>
  );
}
