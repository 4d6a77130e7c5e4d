"use client";
import { useMutation } from "@tanstack/react-query";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { SelectField } from "#features/shell/field.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Study = Outputs["study"]["listOfRecord"][number];

const nameOf = ({ studiedAt, modalities, accessionNumber }: Study) =>
  [studiedAt ? asDate(studiedAt) : "no date", modalities.join(" "), accessionNumber]
    .filter(Boolean)
    .join(", ");

type Props = { localNumber: string; isHere: boolean; studyId: string; choose(studyId: string): void };

/** All that the trust holds, or one study of it. Which there are is asked for only where one is meant. */
export function WhichStudy({ localNumber, isHere, studyId, choose }: Props) {
  const trpc = useTRPC();
  const list = useMutation(trpc.study.listOfRecord.mutationOptions());
  const studies = list.variables?.localNumber === localNumber ? list.data : undefined;
  return (
    <div className="flex flex-wrap items-end gap-3">
      {studies ? (
        <SelectField
          label="What they object to"
          value={studyId}
          disabled={!isHere}
          onChange={(event) => choose(event.target.value)}
        >
          <option value="">All that your trust holds</option>
          {studies.map((study) => (
            <option key={study.studyId} value={study.studyId}>
              One study: {nameOf(study)}
            </option>
          ))}
        </SelectField>
      ) : (
        <Button
          disabled={!isHere || !localNumber.trim() || list.isPending}
          onClick={() => list.mutate({ localNumber })}
        >
          It is about one study
        </Button>
      )}
      {list.error ? <p role="alert">{errorText(list.error)}</p> : null}
    </div>
  );
}
