"use client";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useMemo } from "react";
import { asDate } from "#features/shell/dates.ts";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { type Outputs, useTRPCClient } from "#features/shell/trpc.tsx";
import { CorrectedSince, useCurrency } from "./corrected-since.tsx";
import { frameSource } from "./frame-source.ts";
import { Provenance } from "./provenance.tsx";
import { ReportPanel } from "./report-panel.tsx";
import { ClosesSoon, SharingOver } from "./sharing-ends.tsx";

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
  report: Outputs["reporting"]["read"];
  trustName: string;
  trustNames: ReadonlyMap<string, string>;
  isDemonstration: boolean;
  /** The trust for which the reader acts: also here one always sees it (clinical page §19). */
  actingFor: string;
  /** Whether this person may put something wrong right here. */
  mayCorrect: boolean;
};

/** The viewer covers the page: what lies behind it takes no focus and is not read out. */
function useAlone(): void {
  useEffect(() => {
    const shell = document.querySelectorAll("[data-shell]");
    for (const part of shell) part.setAttribute("inert", "");
    return () => {
      for (const part of shell) part.removeAttribute("inert");
    };
  }, []);
}

export function StudyViewer({
  opened,
  report,
  trustName,
  trustNames,
  isDemonstration,
  actingFor,
  mayCorrect,
}: Props) {
  const router = useRouter();
  const client = useTRPCClient();
  useAlone();
  const { studyId, servedVersion } = opened;
  const source = useMemo(
    () => frameSource(client, { studyId, servedVersion }),
    [client, studyId, servedVersion],
  );
  const study = useMemo(
    () => ({
      studyId: opened.studyId,
      patientId: opened.patient.patientId,
      trustName,
      description: opened.description,
      dateText: asDate(opened.studyDate),
      studyDate: opened.studyDate,
      newestDate: opened.newestDate,
      series: opened.series,
    }),
    [opened, trustName],
  );
  const studies = useMemo(() => [{ role: "current" as const, study, source }], [study, source]);
  const currency = useCurrency(opened);
  const close = () => (window.history.length > 1 ? router.back() : router.push("/worklist"));
  if (currency?.sharing.state === "over") return <SharingOver trustName={trustName} onClose={close} />;
  if (currency && !currency.isCurrent) return <CorrectedSince corrected={currency} onClose={close} />;
  return (
    <div data-theme="dark" className="fixed inset-0 z-30 flex flex-col bg-black text-ink">
      <h1 className="sr-only">Study of {opened.patient.family}</h1>
      {isDemonstration ? (
        <p className="bg-amber-soft text-center text-xs font-semibold text-amber">
          DEMONSTRATION: patients and staff are invented
        </p>
      ) : null}
      {opened.isByGlass ? (
        <p role="status" className="bg-danger-soft px-4 py-1 font-semibold text-danger">
          Glass broken: you look at this by broken glass, and it is reviewed.
        </p>
      ) : null}
      {currency?.sharing.state === "closes" ? (
        <ClosesSoon at={currency.sharing.at} trustName={trustName} />
      ) : null}
      <Viewer
        studies={studies}
        banner={
          <>
            <PatientBanner patient={opened.patient} now={new Date()} />
            <Provenance opened={opened} trustNames={trustNames} />
            <p className="text-sm">
              <span className="opacity-80">You act for</span> {actingFor}
            </p>
            {mayCorrect ? (
              <Link href={`/studies/${studyId}/correct`} prefetch={false} className="text-sm underline">
                Correct…
              </Link>
            ) : null}
          </>
        }
        report={<ReportPanel report={report} />}
        onClose={close}
      />
    </div>
  );
}
