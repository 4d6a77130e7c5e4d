import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { LinkList } from "#features/links/link-list.tsx";
import { mayOffer } from "#features/links/may-share.ts";
import { ShareForm } from "#features/links/share-form.tsx";
import type { KeyImage } from "#features/links/what-goes.tsx";
import { asDate } from "#features/shell/dates.ts";
import { Notice } from "#features/shell/notice.tsx";
import { Page, Panel } from "#features/shell/page.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "Share with the patient" };

type Marks = Awaited<ReturnType<Awaited<ReturnType<typeof api>>["annotation"]["listMarks"]>>["marks"];

const keyImagesOf = (marks: Marks): KeyImage[] =>
  marks.flatMap(({ kind, said }) => {
    const frame = kind === "key-image" ? said?.frame : undefined;
    return frame ? [{ instanceId: frame.instanceId, frame: frame.frame }] : [];
  });

export default async function SharePage({ params }: { params: Promise<{ studyId: string }> }) {
  const { studyId } = await params;
  const [caller, who] = await Promise.all([api(), signedIn()]);
  const opened = await caller.study.open({ studyId }).catch(refusalOf);
  if ("refused" in opened && opened.refused === "not-found") notFound();
  if ("refused" in opened) return <RefusedPage title="Share with the patient" refusal={opened} />;
  if (!mayOffer(who?.actor, opened.custodian))
    return (
      <Page title="Share with the patient">
        <Notice tone="amber" title="Another trust holds these images">
          That trust shares them with the patient. Ask its radiology department.
        </Notice>
      </Page>
    );
  const marks = await caller.annotation.listMarks({ studyId }).catch(() => ({ marks: [] }));
  return (
    <Page
      title="Share with the patient"
      lead={`About ${[opened.description, asDate(opened.studyDate)].filter(Boolean).join(" · ")}`}
    >
      <Panel className="px-4 py-3">
        <PatientBanner patient={opened.patient} now={new Date()} />
      </Panel>
      <ShareForm
        studyId={studyId}
        patientId={opened.patient.patientId}
        series={opened.series.map(({ seriesId, modality, description, instanceCount }) => ({
          seriesId,
          name: `${modality} ${description ?? ""}, ${instanceCount} images`,
        }))}
        keyImages={keyImagesOf(marks.marks)}
      />
      <LinkList patientId={opened.patient.patientId} />
    </Page>
  );
}
