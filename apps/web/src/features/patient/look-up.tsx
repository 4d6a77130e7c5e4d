"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { buttonClass } from "#features/shell/button.tsx";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { Candidates } from "./candidates.tsx";
import { LookUpForm } from "./look-up-form.tsx";

export function LookUp({ organisations }: { organisations: Outputs["organisation"]["list"] }) {
  const trpc = useTRPC();
  const lookUp = useMutation(trpc.patient.lookUp.mutationOptions());
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
      ) : null}
    </>
  );
}
