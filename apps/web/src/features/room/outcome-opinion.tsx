"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { SelectField } from "#features/shell/field.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import type { Of } from "./outcome-words.ts";
import { useReread } from "./shown-case.ts";
import { TextArea } from "./text-area.tsx";

const OPINIONS = {
  agrees: "Agrees with the reports",
  "differs-minor": "Differs from the report: minor",
  "differs-major": "Differs from the report: major",
} as const;
const OPINION_CODES = ["agrees", "differs-minor", "differs-major"] as const;

export function Opinion({ shown }: Of) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const [opinion, setOpinion] = useState<keyof typeof OPINIONS>("agrees");
  const [words, setWords] = useState("");
  const reported = shown.studies.filter(({ isReported }) => isReported);
  const [studyId, setStudyId] = useState(reported[0]?.studyId ?? "");
  const give = useMutation(trpc.room.giveOpinion.mutationOptions({ onSuccess: reread }));
  const { outcome } = shown;
  const differs = opinion !== "agrees";
  return (
    <section aria-label="The reviewer's opinion" className="flex flex-col gap-2 border-t border-line pt-3">
      <h3>The reviewer's opinion, apart from the decision</h3>
      {outcome?.opinion ? (
        <p>
          {outcome.opinionBy}: {OPINIONS[outcome.opinion]}. {outcome.opinionWords}
        </p>
      ) : null}
      {outcome?.differences.map(({ id, closedAt, grade }) => (
        <p key={id}>
          <Badge tone={closedAt ? "green" : "amber"}>
            {closedAt
              ? "The report's addendum has come"
              : `Asked of the reporter (${grade}), no addendum yet`}
          </Badge>
        </p>
      ))}
      {shown.may.review && !outcome?.signed ? (
        <>
          <SelectField
            label="Opinion"
            value={opinion}
            onChange={({ target }) =>
              setOpinion(OPINION_CODES.find((one) => one === target.value) ?? "agrees")
            }
          >
            {OPINION_CODES.map((one) => (
              <option key={one} value={one}>
                {OPINIONS[one]}
              </option>
            ))}
          </SelectField>
          {differs ? (
            <SelectField
              label="From the report of"
              value={studyId}
              onChange={({ target }) => setStudyId(target.value)}
            >
              {reported.map((study) => (
                <option key={study.studyId} value={study.studyId}>
                  {study.name}, {asDate(study.date)}, {study.trust}
                </option>
              ))}
            </SelectField>
          ) : null}
          <TextArea
            label="In words"
            rows={2}
            value={words}
            maxLength={2000}
            onChange={({ target }) => setWords(target.value)}
          />
          <p>
            <Button
              disabled={give.isPending || (differs && (words.trim().length < 3 || !studyId))}
              onClick={() =>
                give.mutate({ caseId: shown.caseId, opinion, words, ...(differs ? { studyId } : {}) })
              }
            >
              Give the opinion
            </Button>
          </p>
        </>
      ) : null}
      {give.error ? <p role="alert">{errorText(give.error)}</p> : null}
    </section>
  );
}
