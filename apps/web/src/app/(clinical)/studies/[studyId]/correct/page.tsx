import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { CorrectStudy } from "#features/correction/correct-study.tsx";
import { mayCorrect } from "#features/correction/may-correct.ts";
import { RetentionPanel } from "#features/correction/retention-panel.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Page } from "#features/shell/page.tsx";
import { SendForReporting } from "#features/study/send-for-reporting.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "Correct a study" };

export default async function CorrectPage({ params }: { params: Promise<{ studyId: string }> }) {
  const { studyId } = await params;
  const [caller, who] = await Promise.all([api(), signedIn()]);
  const mayHold = who?.actor.activities.includes("manage-archive") ?? false;
  const looked = await caller.study.open({ studyId }).catch(refusalOf);
  // What its archive's manager can't open they still put right, without its images.
  const isRestricted = "refused" in looked && mayHold;
  const opened = isRestricted ? await caller.study.describe({ studyId }).catch(refusalOf) : looked;
  if ("refused" in opened && opened.refused === "not-found") notFound();
  if ("refused" in opened || !mayCorrect(who?.actor, opened.custodian))
    return (
      <Page title="Correct a study">
        <Notice tone="amber" title="You can't correct this study">
          Its own trust's PACS manager or radiographers do. Tell them what is wrong.
        </Notice>
      </Page>
    );
  const [organisations, report] = await Promise.all([
    caller.organisation.list({}),
    isRestricted ? undefined : caller.reporting.read({ studyId }),
  ]);
  return (
    <Page
      title="Correct a study"
      lead={[opened.description, opened.studyDate, opened.accessionNumber].filter(Boolean).join(" · ")}
    >
      <CorrectStudy
        opened={opened}
        organisations={organisations}
        isReported={report ? report.versions.length > 0 : false}
        isRestricted={isRestricted}
      />
      {mayHold && !isRestricted ? <SendForReporting studyId={studyId} organisations={organisations} /> : null}
      {mayHold ? <RetentionPanel studyId={studyId} /> : null}
    </Page>
  );
}
