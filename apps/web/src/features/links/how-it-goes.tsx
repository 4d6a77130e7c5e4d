"use client";
import { ChoiceField } from "#features/shell/field.tsx";
import type { Inputs } from "#features/shell/trpc.tsx";

type Share = Inputs["links"]["share"];
export type How = {
  delivery: Share["delivery"];
  purpose: NonNullable<Share["purpose"]>;
  hasReport: boolean;
  mayDownload: boolean;
  asksBirthDate: boolean;
  isUrgent: boolean;
  days: number;
};
export const USUAL: How = {
  ...{ delivery: "sent", purpose: "own-record", hasReport: true, mayDownload: false },
  ...{ asksBirthDate: false, isUrgent: false, days: 30 },
};

const DAYS = [7, 14, 30, 90, 180, 365].map((count) => [count, `${count} days`] as const);
const PURPOSES = [
  ["own-record", "Their own record"],
  ["second-opinion", "A second opinion"],
  ["care-elsewhere", "Care elsewhere"],
] as const;
const CHOICES = [
  ["hasReport", "With the report"],
  ["mayDownload", "They may download the images"],
  ["asksBirthDate", "Ask for the date of birth as well as the code"],
] as const;

type Props = { how: How; isQuiet: boolean; onChange(how: How): void };

/** With what, until when, and by which way. */
export function HowItGoes({ how, isQuiet, onChange }: Props) {
  return (
    <>
      <fieldset className="flex flex-col gap-1">
        <legend className="font-medium">With it</legend>
        {CHOICES.map(([key, text]) => (
          <label key={key} className="flex items-baseline gap-2">
            <input
              type="checkbox"
              checked={how[key]}
              onChange={() => onChange({ ...how, [key]: !how[key] })}
            />
            {text}
          </label>
        ))}
      </fieldset>
      <div className="grid gap-3 sm:grid-cols-2">
        <ChoiceField
          label="For"
          value={how.purpose}
          choices={PURPOSES}
          onChoose={(purpose) => onChange({ ...how, purpose })}
        />
        <ChoiceField
          label="It works for"
          value={how.days}
          choices={DAYS}
          onChoose={(days) => onChange({ ...how, days })}
        />
      </div>
      <fieldset className="flex flex-col gap-1">
        <legend className="font-medium">How it goes</legend>
        {isQuiet ? (
          <p>Quiet mode: nothing is sent to this patient. It is handed over in person.</p>
        ) : (
          <>
            <label className="flex items-baseline gap-2">
              <input
                type="radio"
                name="delivery"
                checked={how.delivery === "sent"}
                onChange={() => onChange({ ...how, delivery: "sent" })}
              />
              By message, between 8:00 and 18:00 of a working day
            </label>
            <label className="ml-6 flex items-baseline gap-2">
              <input
                type="checkbox"
                checked={how.isUrgent}
                disabled={how.delivery !== "sent"}
                onChange={() => onChange({ ...how, isUrgent: !how.isUrgent })}
              />
              They asked for it now, whatever the hour
            </label>
            <label className="flex items-baseline gap-2">
              <input
                type="radio"
                name="delivery"
                checked={how.delivery === "in-person"}
                onChange={() => onChange({ ...how, delivery: "in-person" })}
              />
              In person, by a QR code. With a contact its codes go there; without one, a code goes on paper
            </label>
          </>
        )}
      </fieldset>
    </>
  );
}
