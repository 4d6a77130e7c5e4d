"use client";
import type { Candidate } from "#features/patient/candidates.tsx";
import { ChosenPatient } from "#features/patient/find-patient.tsx";
import { TextField } from "#features/shell/field.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

export type OutsideChoice = { patient: Candidate | undefined; sourceName: string };
type Props = {
  choice: OutsideChoice;
  onChange(choice: OutsideChoice): void;
  organisations: Outputs["organisation"]["list"];
};

/** An outside disc is imported to a patient who is chosen first; where it names another, its images wait (clinical page §20). */
export function ChoosePatient({ choice, onChange, organisations }: Props) {
  const chosen = (
    <ChosenPatient
      organisations={organisations}
      patient={choice.patient}
      onChange={(patient) => onChange({ ...choice, patient })}
      choice="These images are theirs"
    />
  );
  if (!choice.patient) return chosen;
  return (
    <div className="flex flex-col gap-3">
      {chosen}
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
