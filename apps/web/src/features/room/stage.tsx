"use client";
import { useQuery } from "@tanstack/react-query";
import { errorText } from "#features/shell/error-text.ts";
import { useTRPC } from "#features/shell/trpc.tsx";
import { StudyViewer } from "#features/study/study-viewer.tsx";
import type { RoomProps } from "./shown-case.ts";

const NO_PREFERENCE = { grids: {}, keys: {} };
/** Opened once for each time that it is called: each is on the record, and none is shown from an earlier answer. */
const ONCE = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0, retry: false } as const;

type Props = RoomProps & { studyId: string; viewId: string | undefined; patientId: string };

/** The images of a case, as any study is opened: by its own policy, with its own audit, and only while it is this patient's. */
export function Stage({ studyId, viewId, patientId, trustNames, as, ...room }: Props) {
  const trpc = useTRPC();
  const opened = useQuery(trpc.study.open.queryOptions({ studyId }, ONCE));
  const report = useQuery(trpc.reporting.read.queryOptions({ studyId }, ONCE));
  const preference = useQuery(trpc.preference.readViewer.queryOptions({}, { retry: false }));
  const view = useQuery(
    trpc.annotation.openView.queryOptions(
      { studyId, viewId: viewId ?? studyId },
      { ...ONCE, enabled: viewId !== undefined },
    ),
  );
  const isViewKnown = viewId === undefined || view.data !== undefined || view.error !== null;
  const error = opened.error ?? report.error;
  if (error)
    return (
      <p role="alert" className="p-6 text-white">
        These images don't open for you: {errorText(error)}
      </p>
    );
  if (!opened.data || !report.data || preference.isPending || !isViewKnown)
    return (
      <p role="status" className="p-6 text-white">
        Opening …
      </p>
    );
  if (opened.data.patient.patientId !== patientId)
    return (
      <p role="alert" className="p-6 text-white">
        This study is another patient's since: it is not shown here.
      </p>
    );
  const { custodian, masked } = opened.data;
  return (
    <StudyViewer
      {...room}
      isInRoom
      isUnattended={as === "display"}
      begun={undefined}
      firstSeriesId={undefined}
      opened={opened.data}
      preference={preference.data ?? NO_PREFERENCE}
      priors={[]}
      refusedPriors={0}
      report={report.data}
      trustName={masked ? "Site withheld" : (trustNames.get(custodian) ?? custodian)}
      trustNames={trustNames}
      view={view.data?.view}
      isLinkRefused={view.error !== null}
      mayCorrect={false}
      mayShare={false}
    />
  );
}
