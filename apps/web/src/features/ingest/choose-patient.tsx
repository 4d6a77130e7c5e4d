"use client";
import { useMutation } from "@tanstack/react-query";
import { type Candidate, Candidates } from "#features/patient/candidates.tsx";
import { LookUpForm } from "#features/patient/look-up-form.tsx";
import { Button } from "#features/shell/button.tsx";
import { errorText } from "#features/shell/error-text.ts";
import { TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

export type OutsideChoice = { patient: Candidate | undefined; sourceName: string };
type Props = {
  choice: OutsideChoice;
  onChange(choice: OutsideChoice): void;
  organisations: Outputs["organisation"]["list"];
};

/** An outside disc is imported to a patient who is chosen first; where it names another, its images wait (clinical page §20). */
export function ChoosePatient({ choice, onChange, organisations }: Props) {
  const trpc = useTRPC();
  const lookUp = useMutation(trpc.patient.lookUp.mutationOptions());
  if (!choice.patient)
    return (
      <>
        <LookUpForm
          organisations={organisations}
          isBusy={lookUp.isPending}
          onAsk={(question) => lookUp.mutate(question)}
        />
        {lookUp.error ? (
          <Notice tone="danger" title="That can't be looked up">
            {errorText(lookUp.error)}
          </Notice>
        ) : null}
        {lookUp.data ? (
          <Candidates
            found={lookUp.data}
            choose={(patient) => (
              <Button onClick={() => onChange({ ...choice, patient })}>These images are theirs</Button>
            )}
          />
        ) : null}
      </>
    );
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3 rounded border border-line bg-panel px-4 py-3">
        <PatientBanner patient={choice.patient} now={new Date()} />
        <Button onClick={() => onChange({ ...choice, patient: undefined })}>Choose another</Button>
      </div>
      <div className="max-w-xl">
        <TextField
          label="Where the disc comes from"
          hint="The hospital or clinic that made it. It stands at the images for good."
          required
          maxLength={100}
          value={choice.sourceName}
          onChange={(event) => onChange({ ...choice, sourceName: event.target.value })}
        />
      </div>
    </div>
  );
}
