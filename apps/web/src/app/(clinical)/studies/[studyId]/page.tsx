import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { mayCorrect } from "#features/correction/may-correct.ts";
import { mayOffer } from "#features/links/may-share.ts";
import { Notice } from "#features/shell/notice.tsx";
import { Page } from "#features/shell/page.tsx";
import { beginSeries } from "#features/study/begin-series.ts";
import { StudyViewer } from "#features/study/study-viewer.tsx";
import { viewerStudyOf } from "#features/study/viewer-study.ts";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { settings } from "#server/settings.ts";
import { signedIn } from "#server/signed-in.ts";
import { firstSeriesOf } from "#viewer/hanging/series.ts";

export const metadata: Metadata = { title: "Study" };

const MOST_PRIORS = 3;
type Caller = Awaited<ReturnType<typeof api>>;
type Opened = Awaited<ReturnType<Caller["study"]["open"]>>;

type BegunProps = { begun: Promise<string | undefined> | undefined; firstSeriesId: string | undefined };
const NOT_BEGUN: BegunProps = { begun: undefined, firstSeriesId: undefined };

/** Not awaited by the page: it comes after it, while the browser fetches the viewer's code. */
function begin(caller: Caller, opened: Opened): BegunProps {
  const study = viewerStudyOf(opened, opened.custodian);
  const seriesId = firstSeriesOf([{ role: "current", study }]);
  // What a masked reader may have is made when it is asked for: a page that is merely shown makes nothing.
  if (seriesId === undefined || opened.masked) return NOT_BEGUN;
  return { begun: beginSeries(caller, { ...opened, seriesId }), firstSeriesId: seriesId };
}

const NO_PREFERENCE = { grids: {}, keys: {} };

type Props = {
  params: Promise<{ studyId: string }>;
  searchParams: Promise<{ prior?: string | string[]; view?: string | string[] }>;
};

export default async function StudyPage({ params, searchParams }: Props) {
  const [{ studyId }, { prior = [], view: viewId }] = await Promise.all([params, searchParams]);
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
  const linked =
    typeof viewId === "string"
      ? await caller.annotation.openView({ studyId, viewId }).catch(refusalOf)
      : undefined;
  const view = linked && "view" in linked ? linked.view : undefined;
  // Other studies that hung in a link's view are opened as any study is, or not at all.
  const hung = (view?.panes ?? []).flatMap((pane) => (pane ? [pane.studyId] : []));
  const asked = [...new Set([prior, hung].flat())].filter((id) => id !== studyId);
  // What hangs beside it, or in a link's view, may hang first.
  const begun = view || asked.length > 0 ? NOT_BEGUN : begin(caller, opened);
  const [who, report, organisations, preference, priors] = await Promise.all([
    signedIn(),
    caller.reporting.read({ studyId }),
    caller.organisation.list({}),
    // The images open also where one's own layout can't be read.
    caller.preference.readViewer({}).catch(() => NO_PREFERENCE),
    Promise.all(asked.slice(0, MOST_PRIORS).map((id) => caller.study.open({ studyId: id }).catch(refusalOf))),
  ]);
  const trustNames = new Map(organisations.map(({ odsCode, name }) => [odsCode, name]));
  return (
    <StudyViewer
      opened={opened}
      preference={preference}
      priors={priors.flatMap((one) => ("refused" in one ? [] : [one]))}
      {...begun}
      refusedPriors={priors.filter((one) => "refused" in one).length}
      report={report}
      trustName={opened.masked ? "Site withheld" : (trustNames.get(opened.custodian) ?? opened.custodian)}
      trustNames={trustNames}
      isDemonstration={settings().isDemonstration}
      actingFor={who?.organisationName ?? ""}
      reader={{ name: who?.name ?? "", organisation: who?.actor.organisation ?? "" }}
      view={view}
      isLinkRefused={linked !== undefined && "refused" in linked}
      mayCorrect={mayCorrect(who?.actor, opened.custodian)}
      mayShare={mayOffer(who?.actor, opened.custodian)}
    />
  );
}
