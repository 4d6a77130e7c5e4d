"use client";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { type Candidate, Candidates } from "./candidates.tsx";
import { LookUpForm } from "./look-up-form.tsx";

type Organisations = Outputs["organisation"]["list"];
type Props = {
  organisations: Organisations;
  /** What stands beside each who was found: a link to their record, a button that chooses them. */
  choose(candidate: Candidate): ReactNode;
};

/** Looks somebody up, and shows at most ten who are known by that: identity only (clinical page §4). */
export function FindPatient({ organisations, choose }: Props) {
  const trpc = useTRPC();
  const lookUp = useMutation(trpc.patient.lookUp.mutationOptions());
  return (
    <>
      <LookUpForm
        organisations={organisations}
        isBusy={lookUp.isPending}
        onAsk={(question) => lookUp.mutate(question)}
      />
      <Failed title="That can't be looked up" error={lookUp.error} />
      {lookUp.data ? <Candidates found={lookUp.data} choose={choose} /> : null}
    </>
  );
}

type ChosenProps = {
  organisations: Organisations;
  patient: Candidate | undefined;
  onChange(patient: Candidate | undefined): void;
  /** On the button that chooses. */
  choice: string;
};

/** One patient, chosen by look-up, and another in their place. */
export function ChosenPatient({ organisations, patient, onChange, choice }: ChosenProps) {
  if (!patient)
    return (
      <FindPatient
        organisations={organisations}
        choose={(found) => <Button onClick={() => onChange(found)}>{choice}</Button>}
      />
    );
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 rounded border border-line bg-panel px-4 py-3">
      <PatientBanner patient={patient} now={new Date()} />
      <Button onClick={() => onChange(undefined)}>Choose another</Button>
    </div>
  );
}
