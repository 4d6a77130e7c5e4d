"use client";
import Link from "next/link";
import { buttonClass } from "#features/shell/button-class.ts";
import type { Outputs } from "#features/shell/trpc.tsx";
import { FindPatient } from "./find-patient.tsx";

export function LookUp({ organisations }: { organisations: Outputs["organisation"]["list"] }) {
  return (
    <FindPatient
      organisations={organisations}
      choose={(candidate) => (
        <Link
          className={buttonClass({ tone: "main" })}
          href={`/patients/${candidate.patientId}`}
          prefetch={false}
        >
          Open record
        </Link>
      )}
    />
  );
}
