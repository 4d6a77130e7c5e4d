"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { Failed, Part } from "./case-parts.tsx";
import type { CaseProps } from "./case-props.ts";

const PART_NAMES = { current: "Current", prior: "Prior", removed: "No part of it" } as const;
type StudyPart = keyof typeof PART_NAMES;

export function Studies({ read, one, onChanged }: CaseProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const decide = useMutation(trpc.mdt.decideStudy.mutationOptions({ onSuccess: onChanged }));
  return (
    <Part title="Images">
      {one.studies.length === 0 ? (
        <p className="text-muted">The region holds none that you may see.</p>
      ) : null}
      <ul className="flex flex-col gap-1">
        {one.studies.map((study) => (
          <li key={study.studyId} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <strong className="w-28">{PART_NAMES[study.part].toUpperCase()}</strong>
            <Link
              href={`/studies/${study.studyId}`}
              prefetch={false}
              className="underline underline-offset-2"
            >
              {study.description ?? (study.modalities.join(", ") || "Study")}, {asDate(study.studyDate)}
            </Link>
            <span className="text-muted">
              {read.trusts[study.custodian] ?? study.custodian} · {study.completeness.text} ·{" "}
              {study.reportState.replace("-", " ")}
              {study.reason ? ` · ${study.reason}` : ""}
            </span>
            {study.sideWarning ? <span className="text-amber">{study.sideWarning}</span> : null}
            {read.mayList
              ? (["current", "prior", "removed"] as const)
                  .filter((part: StudyPart) => part !== study.part)
                  .map((part) => (
                    <Button
                      key={part}
                      className="min-h-7 px-2 py-0.5 text-sm"
                      disabled={!isHere || decide.isPending}
                      onClick={() => decide.mutate({ caseId: one.id, studyId: study.studyId, part })}
                    >
                      {PART_NAMES[part]}
                    </Button>
                  ))
              : null}
          </li>
        ))}
      </ul>
      {one.expected.length > 0 ? (
        <ul aria-label="Expected" className="text-muted">
          {one.expected.map((coming) => (
            <li key={coming.requestId}>
              {coming.procedure}, {coming.state}
              {coming.scheduledAt ? ` for ${asDate(coming.scheduledAt)}` : ""},{" "}
              {read.trusts[coming.custodian] ?? coming.custodian}
            </li>
          ))}
        </ul>
      ) : null}
      <Failed error={decide.error} />
    </Part>
  );
}
