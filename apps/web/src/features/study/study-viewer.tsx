"use client";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import { ListForMeeting } from "#features/mdt/list-for-meeting.tsx";
import { buttonClass } from "#features/shell/button-class.ts";
import { linesOf, PatientBanner } from "#features/shell/patient-banner.tsx";
import { type Outputs, useTRPCClient } from "#features/shell/trpc.tsx";
import { useSecondWindow } from "#features/shell/use-second-window.ts";
import { PriorsPanel } from "#features/timeline/priors-panel.tsx";
import type { FrameSource } from "#viewer/contract.ts";
import { beginFirst } from "#viewer/frames/begin-first.ts";
import { type Begun, withBegun } from "./begun-series.ts";
import { CorrectedSince, useCurrency } from "./corrected-since.tsx";
import { frameSource } from "./frame-source.ts";
import { lastOpened } from "./last-opened.ts";
import { markSource } from "./mark-source.ts";
import { Provenance } from "./provenance.tsx";
import { ReadingNow } from "./reading-now.tsx";
import { ReportPanel } from "./report-panel.tsx";
import { ClosesSoon, SharingOver } from "./sharing-ends.tsx";
import { useFirstPicture } from "./use-first-picture.ts";
import { useKeptBookmark } from "./use-kept-bookmark.ts";
import { PriorWatch, usePriors } from "./use-priors.tsx";
import { useReadingNow } from "./use-reading-now.ts";
import { viewerStudyOf } from "./viewer-study.ts";

// Its code and its engine start while the page itself still wakes. What fails here fails where it is wanted, and says so.
if (typeof window !== "undefined")
  void import("#viewer/viewer.tsx").then(({ startEngine }) => startEngine()).catch(() => {});

// Cornerstone needs a browser: workers, WebGL, WebAssembly.
const Viewer = dynamic(() => import("#viewer/viewer.tsx").then((module) => module.Viewer), {
  ssr: false,
  loading: () => (
    <p role="status" className="grow bg-black p-6 text-white">
      Loading the viewer …
    </p>
  ),
});

type Props = {
  opened: Outputs["study"]["open"];
  /** What was asked for beforehand of the series that hangs first. */
  begun: Begun | undefined;
  /** That series, where something of it was asked for. */
  firstSeriesId: string | undefined;
  /** Priors that the address asks for, opened as any study is. */
  priors: readonly Outputs["study"]["open"][];
  /** How many of these don't open for this person. */
  refusedPriors: number;
  preference: Outputs["preference"]["readViewer"];
  report: Outputs["reporting"]["read"];
  trustName: string;
  trustNames: ReadonlyMap<string, string>;
  isDemonstration: boolean;
  /** Who reads, as an object that they make of the study says it. */
  reader: { name: string; organisation: string };
  /** What a link restores. */
  view: Outputs["annotation"]["openView"]["view"] | undefined;
  /** The link shows nothing (any more) to this reader: the study opens without it, and says so. */
  isLinkRefused: boolean;
  /** The trust for which the reader acts: also here one always sees it (clinical page §19). */
  actingFor: string;
  /** Whether this person may put something wrong right here. */
  mayCorrect: boolean;
  mayShare: boolean;
  /** A part of a meeting's page: it fills its place, and leads nowhere else. */
  isInRoom?: boolean;
  /** On a meeting's display: nobody reads at it. */
  isUnattended?: boolean;
};

/** The viewer covers the page: what lies behind it takes no focus and is not read out. */
function useAlone(isInRoom: boolean): void {
  useEffect(() => {
    // A meeting's page is alone already.
    if (isInRoom) return;
    const shell = document.querySelectorAll("[data-shell]");
    for (const part of shell) part.setAttribute("inert", "");
    return () => {
      for (const part of shell) part.removeAttribute("inert");
    };
  }, [isInRoom]);
}

/**
 * Once: a page that is renewed shows its picture already. While it is drawn, since drawing takes as long as the first bytes do; a page that
 * is drawn and never shown has read one frame too many, and nothing else.
 */
function useBegunPicture(source: FrameSource, seriesId: string | undefined): void {
  useState(() => {
    if (typeof window !== "undefined" && seriesId !== undefined) void beginFirst(source, seriesId);
  });
}

export function StudyViewer({
  opened,
  begun: given,
  firstSeriesId,
  priors: givenPriors,
  refusedPriors,
  preference,
  report,
  trustName,
  trustNames,
  isDemonstration,
  actingFor,
  mayCorrect,
  mayShare,
  reader,
  view,
  isLinkRefused,
  isInRoom = false,
  isUnattended = false,
}: Props) {
  const router = useRouter();
  const client = useTRPCClient();
  const second = useSecondWindow();
  const readers = useReadingNow(isUnattended ? undefined : opened.studyId);
  useAlone(isInRoom);
  const { studyId, servedVersion } = opened;
  useEffect(() => {
    if (!isInRoom) lastOpened.keep(studyId);
  }, [studyId, isInRoom]);
  // Of the page as it came: its renewal is no reason to hang anything anew.
  const [begun] = useState(given);
  const source = useMemo(
    () => withBegun(frameSource(client, { studyId, servedVersion }), begun),
    [client, studyId, servedVersion, begun],
  );
  useBegunPicture(source, firstSeriesId);
  const study = useMemo(() => viewerStudyOf(opened, trustName), [opened, trustName]);
  const first = useFirstPicture();
  // Where a link or a meeting leads is nobody's own place.
  const bookmark = useKeptBookmark(studyId, first.isThere && !view && !isInRoom);
  const priors = usePriors({
    isAhead: first.isThere,
    opened,
    given: givenPriors,
    refused: refusedPriors,
    trustNames,
    isInRoom,
  });
  const { name, organisation } = reader;
  const said = useMemo(
    () => ({
      ...{ reader: { name, organisation }, isDemonstration },
      patientLines: linesOf(opened.patient),
    }),
    [name, organisation, isDemonstration, opened.patient],
  );
  const studies = useMemo(
    () => [
      { role: "current" as const, study, source, marks: markSource(client, studyId, said) },
      ...priors.studies.map((prior) => ({
        ...prior,
        marks: markSource(client, prior.study.studyId, said),
      })),
    ],
    [study, source, priors.studies, client, studyId, said],
  );
  const currency = useCurrency(opened, first.isThere);
  const leave = () => (window.history.length > 1 ? router.back() : router.push("/worklist"));
  const close = isInRoom ? () => {} : leave;
  if (currency?.sharing.state === "over") return <SharingOver trustName={trustName} onClose={close} />;
  if (currency && !currency.isCurrent) return <CorrectedSince corrected={currency} onClose={close} />;
  const ribbons = (
    <>
      {isDemonstration && !isInRoom ? (
        <p className="bg-amber-soft text-center text-xs font-semibold text-amber">
          DEMONSTRATION: patients and staff are invented
        </p>
      ) : null}
      {opened.isByGlass || priors.opened.some(({ isByGlass }) => isByGlass) ? (
        <p role="status" className="bg-danger-soft px-4 py-1 font-semibold text-danger">
          Glass broken: you look at this by broken glass, and it is reviewed.
        </p>
      ) : null}
      {currency?.sharing.state === "closes" ? (
        <ClosesSoon at={currency.sharing.at} trustName={trustName} />
      ) : null}
    </>
  );
  return (
    <div
      data-theme="dark"
      className={`${isInRoom ? "absolute" : "fixed z-30"} inset-0 flex flex-col bg-black text-ink print:*:hidden`}
    >
      <p className="hidden bg-white p-8 text-black print:block!">
        Images are printed from Weald by “Print the viewports” in the list of marks: so it is on the record,
        and says whose they are.
      </p>
      {isInRoom ? null : <h1 className="sr-only">Study of {opened.patient.family}</h1>}
      {ribbons}
      {isLinkRefused ? (
        <p role="status" className="bg-amber-soft px-4 py-1 font-semibold text-amber">
          The link's view can't be shown: it was corrected, withdrawn, or is another reader's of a study that
          is read blind. This is the study itself.
        </p>
      ) : null}
      <Viewer
        studies={studies}
        view={view}
        bookmark={bookmark}
        onFirst={first.onThere}
        // A meeting is led through its cases: that is nobody's own place.
        onBookmark={
          isInRoom
            ? undefined
            : (place) =>
                client.annotation.keepBookmark.mutate({ studyId, servedVersion, place: place ?? null })
        }
        onBring={(studyIds) => priors.compare(...studyIds)}
        banner={
          <>
            <PatientBanner patient={opened.patient} now={new Date()} />
            <Provenance opened={opened} trustNames={trustNames} />
            <ReadingNow readers={readers} trustNames={trustNames} />
            <p className="text-sm">
              <span className="opacity-80">You act for</span> {actingFor}
            </p>
          </>
        }
        ribbons={ribbons}
        second={second}
        nhsNumber={opened.patient.nhsNumber}
        ways={
          isInRoom ? null : (
            <div className="flex flex-wrap items-baseline gap-x-5 text-sm">
              <Link
                href={`/patients/${opened.patient.patientId}`}
                // Whose record is opened is on record: only a click opens it.
                prefetch={false}
                className="underline"
              >
                Whole record
              </Link>
              {mayCorrect ? (
                <Link href={`/studies/${studyId}/correct`} prefetch={false} className="underline">
                  Correct…
                </Link>
              ) : null}
            </div>
          )
        }
        report={
          <div className="flex flex-col gap-6">
            <ReportPanel report={report} />
            {isInRoom || opened.masked ? null : <ListForMeeting of={{ studyId }} />}
            {mayShare ? (
              <Link href={`/studies/${studyId}/share`} prefetch={false} className={buttonClass()}>
                Share with the patient …
              </Link>
            ) : null}
            <PriorsPanel
              studyId={studyId}
              trustNames={trustNames}
              besideIds={priors.opened.map((prior) => prior.studyId)}
              onCompare={(other) => void priors.compare(other)}
            />
          </div>
        }
        preference={preference}
        onPreference={(change) => client.preference.keepViewer.mutate(change)}
        ahead={priors.ahead}
        priorNote={priors.note}
        onPrior={priors.toggle}
        onClose={close}
      />
      {priors.opened.map((prior) => (
        <PriorWatch key={prior.studyId} prior={prior} onGone={priors.drop} />
      ))}
    </div>
  );
}
