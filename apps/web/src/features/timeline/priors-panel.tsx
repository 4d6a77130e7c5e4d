"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { ReportPanel } from "#features/study/report-panel.tsx";
import { CompletenessBadge, ReportBadge } from "#features/worklist/states.tsx";

export type Priors = Outputs["timeline"]["priors"];
export type Prior = Priors["priors"][number];

type Props = {
  studyId: string;
  trustNames: ReadonlyMap<string, string>;
  /** Which priors stand beside the study already. */
  besideIds?: readonly string[];
  /** Shows a prior beside what is read. */
  onCompare(studyId: string): void;
};

function PriorReport({ studyId }: { studyId: string }) {
  const trpc = useTRPC();
  const report = useQuery(trpc.reporting.read.queryOptions({ studyId }));
  if (report.error)
    return (
      <Notice tone="danger" title="The report can't be shown">
        {errorText(report.error)}
      </Notice>
    );
  if (!report.data) return <p role="status">Loading the report …</p>;
  return <ReportPanel report={report.data} />;
}

function Marks({ prior }: { prior: Prior }) {
  return (
    <p className="mt-1 flex flex-wrap gap-1.5">
      {prior.isOtherSide ? <Badge tone="amber">OTHER SIDE</Badge> : null}
      {prior.isNewer ? <Badge tone="amber">NEWER than what you read</Badge> : null}
      {prior.sideWarning ? <Badge tone="amber">{prior.sideWarning}</Badge> : null}
      <ReportBadge state={prior.reportState} />
      <CompletenessBadge completeness={prior.completeness} />
    </p>
  );
}

type CardProps = Pick<Props, "trustNames" | "onCompare"> & { prior: Prior; isBeside: boolean };

function PriorCard({ prior, trustNames, isBeside, onCompare }: CardProps) {
  const [isRead, setIsRead] = useState(false);
  const name = `${prior.modalities.join(", ")} ${prior.description ?? ""}`.trim() || "No description";
  return (
    <li className="border-t border-line py-3">
      <h3 className="font-semibold">{name}</h3>
      <p className="text-sm">
        {asDate(prior.studyDate)} · {trustNames.get(prior.custodian) ?? prior.custodian}
        {prior.isOutside ? " · outside images" : ""}
      </p>
      <p className="text-sm text-muted">{prior.reason}</p>
      <Marks prior={prior} />
      {prior.report && !isRead ? (
        <p className="mt-1 line-clamp-3 text-sm">{prior.report.impression}</p>
      ) : null}
      <p className="mt-2 flex flex-wrap gap-2">
        <Button aria-pressed={isBeside} disabled={isBeside} onClick={() => onCompare(prior.studyId)}>
          {isBeside ? "Shown beside" : "Show beside"}
          <span className="sr-only"> {name}</span>
        </Button>
        <Button aria-expanded={isRead} onClick={() => setIsRead(!isRead)}>
          {isRead ? "Close report" : "Report"}
          <span className="sr-only"> of {name}</span>
        </Button>
      </p>
      {isRead ? <PriorReport studyId={prior.studyId} /> : null}
    </li>
  );
}

function Ranked({ found, ...rest }: Omit<Props, "studyId"> & { found: Priors }) {
  const [isAll, setIsAll] = useState(false);
  const { priors, shown } = found;
  const listed = isAll ? priors : priors.slice(0, shown);
  const besideIds = rest.besideIds ?? [];
  return (
    <>
      {found.newer > 0 ? (
        <Notice tone="amber" title="Newer images of this patient exist">
          {found.newer === 1 ? "One study is" : `${found.newer} studies are`} newer than what you read.
        </Notice>
      ) : null}
      <p role="status" className="text-sm">
        {priors.length === 0
          ? "No other study of this patient that you may see."
          : `${listed.length} of ${priors.length} shown${shown === 0 && !isAll ? ": none looks relevant" : ""}`}
        {found.isCut ? ", of the newest alone" : ""}
      </p>
      <ol>
        {listed.map((prior) => (
          <PriorCard
            key={prior.studyId}
            prior={prior}
            trustNames={rest.trustNames}
            onCompare={rest.onCompare}
            isBeside={besideIds.includes(prior.studyId)}
          />
        ))}
      </ol>
      {priors.length > shown ? (
        <Button aria-expanded={isAll} onClick={() => setIsAll(!isAll)}>
          {isAll ? "Show the relevant alone" : `Show all ${priors.length}`}
        </Button>
      ) : null}
    </>
  );
}

/** What helps in reading a study: ranked, never filtered, each with its reason; its report one key away (clinical page §9). */
export function PriorsPanel({ studyId, ...rest }: Props) {
  const trpc = useTRPC();
  const found = useQuery(trpc.timeline.priors.queryOptions({ studyId }));
  return (
    <section aria-label="Priors" className="flex flex-col gap-2">
      <h2>Priors</h2>
      {found.error ? (
        <Notice tone="danger" title="Priors can't be shown">
          {errorText(found.error)} There may be some: look on the patient's page.
        </Notice>
      ) : null}
      {found.data ? <Ranked found={found.data} {...rest} /> : null}
      {found.isPending ? <p role="status">Looking for priors …</p> : null}
    </section>
  );
}
