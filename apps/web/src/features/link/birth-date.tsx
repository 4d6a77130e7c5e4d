"use client";
import { BigField } from "./parts.tsx";

export type Born = { day: string; month: string; year: string };
export const NOBODY: Born = { day: "", month: "", year: "" };

const FIELDS = [
  { key: "day", label: "Day", most: 2, autoComplete: "bday-day", width: "w-20" },
  { key: "month", label: "Month", most: 2, autoComplete: "bday-month", width: "w-20" },
  { key: "year", label: "Year", most: 4, autoComplete: "bday-year", width: "w-28" },
] as const;

export function BirthDate({ born, onChange }: { born: Born; onChange(born: Born): void }) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="font-semibold">Date of birth of the patient</legend>
      <p className="text-muted">For example, 27 3 1961</p>
      <div className="flex flex-wrap gap-3">
        {FIELDS.map(({ key, label, most, autoComplete, width }) => (
          <BigField
            key={key}
            label={label}
            value={born[key]}
            onChange={(event) => onChange({ ...born, [key]: event.target.value })}
            inputMode="numeric"
            autoComplete={autoComplete}
            maxLength={most}
            className={width}
          />
        ))}
      </div>
    </fieldset>
  );
}
