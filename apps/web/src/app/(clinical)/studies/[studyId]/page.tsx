import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { mayCorrect } from "#features/correction/may-correct.ts";
import { Notice } from "#features/shell/notice.tsx";
import { Page } from "#features/shell/page.tsx";
import { StudyViewer } from "#features/study/study-viewer.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { settings } from "#server/settings.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "Study" };

export default async function StudyPage({ params }: { params: Promise<{ studyId: string }> }) {
  const { studyId } = await params;
  const caller = await api();
  const opened = await caller.study.open({ studyId }).catch(refusalOf);
  if ("refused" in opened) {
    if (opened.refused === "not-found") notFound();
    return (
      <Page title="This study doesn't open for you">
        <Notice tone="amber" title={opened.title}>
          {opened.text}
        </Notice>
        {(await signedIn())?.actor.activities.includes("manage-archive") ? (
          <p>
            <Link href={`/studies/${studyId}/correct`} prefetch={false} className="text-accent underline">
              Put something right without opening it
            </Link>
          </p>
        ) : null}
      </Page>
    );
  }
  const [who, report, organisations] = await Promise.all([
    signedIn(),
    caller.reporting.read({ studyId }),
    caller.organisation.list({}),
  ]);
  const trustNames = new Map(organisations.map(({ odsCode, name }) => [odsCode, name]));
  return (
    <StudyViewer
      opened={opened}
      report={report}
      trustName={opened.masked ? "Site withheld" : (trustNames.get(opened.custodian) ?? opened.custodian)}
      trustNames={trustNames}
      isDemonstration={settings().isDemonstration}
      actingFor={who?.organisationName ?? ""}
      mayCorrect={mayCorrect(who?.actor, opened.custodian)}
    />
  );
}
