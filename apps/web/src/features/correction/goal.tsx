"use client";
import { useQuery } from "@tanstack/react-query";
import { ChosenPatient } from "#features/patient/find-patient.tsx";
import { asDate } from "#features/shell/dates.ts";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import type { Code, Draft } from "./asked.ts";

type Opened = Outputs["study"]["open"];
type Props = {
  opened: Opened;
  draft: Draft;
  onChange(change: Partial<Draft>): void;
  organisations: Outputs["organisation"]["list"];
};

/** A study of the right patient in this trust, or one of their own for what is taken out. */
function IntoStudy({ opened, draft, onChange }: Omit<Props, "organisations">) {
  const trpc = useTRPC();
  const patientId = draft.patient?.patientId ?? "";
  const record = useQuery(trpc.timeline.read.queryOptions({ patientId }, { enabled: patientId !== "" }));
  const studies = (record.data?.rows ?? []).filter(
    (row) => row.custodian === opened.custodian && row.studyId !== opened.studyId,
  );
  return (
    <div className="max-w-xl">
      <SelectField
        label="Into"
        value={draft.intoStudyId}
        onChange={(event) => onChange({ intoStudyId: event.target.value })}
      >
        <option value="">A study of their own</option>
        {studies.map((row) => (
          <option key={row.studyId} value={row.studyId}>
            {[asDate(row.studyDate), row.description, row.accessionNumber].filter(Boolean).join(" · ")}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

export function WhosePatient({ opened, draft, onChange, organisations }: Props) {
  return (
    <section aria-label="Whose it is" className="flex flex-col gap-3">
      <h2>Whose is it?</h2>
      <ChosenPatient
        organisations={organisations}
        patient={draft.patient}
        onChange={(patient) => onChange({ patient, intoStudyId: "" })}
        choice="It is theirs"
      />
      {draft.patient && draft.level !== "study" ? (
        <IntoStudy opened={opened} draft={draft} onChange={onChange} />
      ) : null}
      {draft.patient && draft.level === "study" ? (
        <div className="max-w-xl">
          <TextField
            label="Accession number of their request (optional)"
            hint="Without it the study claims no request, and draws nobody's report."
            value={draft.accessionNumber}
            maxLength={16}
            onChange={(event) => onChange({ accessionNumber: event.target.value })}
          />
        </div>
      ) : null}
    </section>
  );
}

const CODES: Record<Code, string> = {
  "113001": "Quality: it can't be read",
  "113037": "Patient safety: nobody should rely on it",
  "113038": "It was made under the wrong worklist entry",
};
const isCode = (text: string): text is Code => text in CODES;

export function WhyUnfit({ draft, onChange }: Pick<Props, "draft" | "onChange">) {
  return (
    <div className="max-w-xl">
      <SelectField
        label="Why it is rejected"
        value={draft.code}
        onChange={(event) => isCode(event.target.value) && onChange({ code: event.target.value })}
      >
        {Object.entries(CODES).map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

export function RightWords({ draft, onChange }: Pick<Props, "draft" | "onChange">) {
  const { says, level } = draft;
  const say = (change: Partial<Draft["says"]>) => onChange({ says: { ...says, ...change } });
  return (
    <section aria-label="What is right" className="grid max-w-3xl gap-3 sm:grid-cols-2">
      {level === "instance" ? null : (
        <TextField
          label={level === "study" ? "Study description" : "Series description"}
          value={says.description}
          maxLength={64}
          onChange={(event) => say({ description: event.target.value })}
        />
      )}
      {level === "study" ? (
        <>
          <TextField
            label="Study date"
            type="date"
            value={says.studyDate}
            onChange={(event) => say({ studyDate: event.target.value })}
          />
          <TextField
            label="Accession number"
            value={says.accessionNumber}
            maxLength={16}
            onChange={(event) => say({ accessionNumber: event.target.value })}
          />
        </>
      ) : (
        <>
          <SelectField
            label="Side"
            value={says.laterality}
            onChange={(event) => say({ laterality: event.target.value })}
          >
            <option value="">As it is</option>
            <option value="L">Left</option>
            <option value="R">Right</option>
            <option value="B">Both</option>
            <option value="U">Unpaired</option>
          </SelectField>
          <TextField
            label="Body part"
            value={says.bodyPart}
            maxLength={16}
            pattern="[A-Za-z0-9 _]*"
            hint="As DICOM names it: KNEE, CHEST, HAND"
            onChange={(event) => say({ bodyPart: event.target.value })}
          />
        </>
      )}
      <p className="text-sm text-muted sm:col-span-2">
        {level === "study"
          ? "Side and body part belong to a series or an image: choose those above."
          : "What you leave empty stays as it is."}
      </p>
    </section>
  );
}
