import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { BreakGlass } from "#features/access/break-glass.tsx";
import { PatientRecord } from "#features/patient/patient-record.tsx";
import { StatePurpose } from "#features/patient/state-purpose.tsx";
import { mayRefer } from "#features/referral/may-refer.ts";
import { PatientLooks } from "#features/review/patient-looks.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Page } from "#features/shell/page.tsx";
import { ViewerAhead } from "#features/study/viewer-ahead.tsx";
import { asking } from "#server/auth.ts";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "Patient" };

export default async function PatientPage({ params }: { params: Promise<{ patientId: string }> }) {
  const { patientId } = await params;
  const caller = await api();
  const organisations = await caller.organisation.list({});
  const opened = await caller.timeline.read({ patientId }).catch(refusalOf);
  const actor = (await signedIn())?.actor;
  const activities = actor?.activities;
  const mayBreak = activities?.includes("state-relationship") === true;
  if (!("refused" in opened))
    return (
      <>
        <ViewerAhead />
        <PatientRecord
          opened={opened}
          organisations={organisations}
          mayBreakGlass={mayBreak}
          mayRefer={mayRefer(activities)}
          isOwn={opened.records.some(
            ({ custodian }) => custodian !== undefined && custodian === actor?.organisation,
          )}
        />
      </>
    );
  if (opened.refused === "not-found") notFound();
  if (opened.refused === "no-relationship") return <StatePurpose patientId={patientId} />;
  if ((await asking())?.signedIn.actor.activities.includes("review-access")) {
    const seen = await caller.review.looksOfPatient({ patientId }).catch(refusalOf);
    if (!("refused" in seen)) return <PatientLooks seen={seen} />;
  }
  return (
    <Page title="This record doesn't open for you">
      <Notice tone="amber" title={opened.title}>
        {opened.text}
      </Notice>
      {opened.refused === "sensitive" && mayBreak ? <BreakGlass patientId={patientId} /> : null}
    </Page>
  );
}
