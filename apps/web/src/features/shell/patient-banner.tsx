import { Badge } from "./badge.tsx";
import { ageAt, asDate } from "./dates.ts";

/** Who it is, in one component everywhere: windows, second screen, prints, exports (clinical page §3). */
export type BannerPatient = {
  family: string;
  given: string;
  middle?: string | undefined;
  prefix?: string | undefined;
  ideographic?: string | undefined;
  birthDate?: string | undefined;
  sex?: string | undefined;
  nhsNumber?: string | undefined;
  nhsVerified?: boolean | undefined;
  localNumber: string;
  custodian: string;
  nameDiffers: boolean;
  isTemporary?: boolean | undefined;
};

const SEX: Record<string, string> = { M: "male", F: "female", O: "other" };

/** 9990000018 → 999 000 0018 */
export const spacedNhsNumber = (number: string) =>
  `${number.slice(0, 3)} ${number.slice(3, 6)} ${number.slice(6)}`;

export const nameOf = ({ family, given, middle }: Pick<BannerPatient, "family" | "given" | "middle">) =>
  [family.toUpperCase(), [given, middle].filter(Boolean).join(" ")].filter(Boolean).join(", ") || "NO NAME";

/** The same as lines, for a picture that leaves. */
export const linesOf = (patient: BannerPatient): string[] => [
  nameOf(patient),
  [
    patient.birthDate ? `Born ${asDate(patient.birthDate)}` : "Date of birth unknown",
    patient.sex ? (SEX[patient.sex] ?? "sex not stated") : "sex not stated",
  ].join(" · "),
  [
    patient.nhsNumber
      ? `NHS ${spacedNhsNumber(patient.nhsNumber)} ${patient.nhsVerified ? "(verified)" : "(not verified)"}`
      : "NHS number none known",
    `${patient.custodian} ${patient.localNumber}`,
  ].join(" · "),
];

export function PatientBanner({ patient, now }: { patient: BannerPatient; now: Date }) {
  const number = patient.nhsNumber
    ? `${spacedNhsNumber(patient.nhsNumber)} ${patient.nhsVerified ? "(verified)" : "(not verified)"}`
    : "none known";
  return (
    <section aria-label="Patient" className="flex flex-wrap items-baseline gap-x-5 gap-y-1">
      <p className="text-lg font-bold" data-testid="patient-name">
        {nameOf(patient)}
        {patient.ideographic ? (
          <span className="ml-2 font-normal">{patient.ideographic.replaceAll("^", " ").trim()}</span>
        ) : null}
      </p>
      <p>
        <span className="opacity-80">Born</span> <strong>{asDate(patient.birthDate)}</strong> (
        {ageAt(patient.birthDate, now)})
      </p>
      <p>
        <span className="opacity-80">Sex</span> <strong>{SEX[patient.sex ?? ""] ?? "not stated"}</strong>
      </p>
      <p>
        <span className="opacity-80">NHS number</span> <strong>{number}</strong>
      </p>
      <p>
        {/* Where the site is withheld, so is the number: both say where somebody was. */}
        <span className="opacity-80">{patient.custodian} number</span>{" "}
        <strong>{patient.localNumber || "withheld"}</strong>
      </p>
      {patient.nameDiffers ? <Badge tone="amber">Name differs between trusts</Badge> : null}
      {patient.isTemporary ? <Badge tone="amber">Temporary identity</Badge> : null}
    </section>
  );
}
