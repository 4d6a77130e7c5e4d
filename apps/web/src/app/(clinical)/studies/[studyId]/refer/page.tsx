import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { mayRefer } from "#features/referral/may-refer.ts";
import { ReferForm } from "#features/referral/refer-form.tsx";
import { asDate } from "#features/shell/dates.ts";
import { Notice } from "#features/shell/notice.tsx";
import { Page, Panel } from "#features/shell/page.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "Refer" };

export default async function ReferPage({ params }: { params: Promise<{ studyId: string }> }) {
  const { studyId } = await params;
  const [caller, who] = await Promise.all([api(), signedIn()]);
  const opened = await caller.study.open({ studyId }).catch(refusalOf);
  if ("refused" in opened && opened.refused === "not-found") notFound();
  if ("refused" in opened) return <RefusedPage title="Refer" refusal={opened} />;
  if (!mayRefer(who?.actor.activities))
    return (
      <Page title="Refer">
        <Notice tone="amber" title="Who reports or treats refers">
          Ask the clinician who looks after this patient.
        </Notice>
      </Page>
    );
  const [priors, organisations] = await Promise.all([
    caller.timeline.priors({ studyId }).catch(refusalOf),
    caller.organisation.list({}),
  ]);
  const known = "refused" in priors ? { priors: [], shown: 0 } : priors;
  return (
    <Page
      title="Refer"
      lead={`About ${[opened.description, asDate(opened.studyDate)].filter(Boolean).join(" · ")}`}
    >
      <Panel className="px-4 py-3">
        <PatientBanner patient={opened.patient} now={new Date()} />
      </Panel>
      <ReferForm
        studyId={studyId}
        patientId={opened.patient.patientId}
        priors={known.priors}
        suggested={known.shown}
        trustNames={new Map(organisations.map(({ odsCode, name }) => [odsCode, name]))}
      />
    </Page>
  );
}
