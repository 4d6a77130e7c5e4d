import Link from "next/link";
import { asDate } from "#features/shell/dates.ts";
import { nameOf } from "#features/shell/patient-banner.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

type Recent = Outputs["timeline"]["listRecent"]["patients"];

/** Of whom one opened something last. Nobody who isn't one's own to see any more stands here. */
export function RecentPatients({ patients }: { patients: Recent }) {
  if (patients.length === 0) return null;
  return (
    <nav
      aria-label="Patients you opened last"
      className="flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm"
    >
      <span className="font-medium text-muted">You opened last</span>
      <ul className="contents">
        {patients.map((patient) => (
          <li key={patient.patientId}>
            <Link
              href={`/patients/${patient.patientId}`}
              prefetch={false}
              className="text-accent underline-offset-2 hover:underline"
            >
              {nameOf({ ...patient, middle: undefined })}
            </Link>{" "}
            <span className="text-muted">{asDate(patient.birthDate)}</span>
          </li>
        ))}
      </ul>
    </nav>
  );
}
