"use client";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useTransition } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { Page } from "#features/shell/page.tsx";
import { type Inputs, useTRPC } from "#features/shell/trpc.tsx";

type Statement = Inputs["access"]["stateRelationship"]["statement"];

const STATEMENTS: { key: string; statement: Statement; text: string }[] = [
  { key: "1", statement: "treating-now", text: "I am treating this patient now" },
  { key: "2", statement: "asked-for-opinion", text: "I was asked for an opinion" },
  { key: "3", statement: "on-call", text: "I am on call for this patient's team" },
];

/** One key from a short list; it lasts 24 hours and is reviewed (clinical page §4). */
export function StatePurpose({ patientId }: { patientId: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [isOpening, open] = useTransition();
  const state = useMutation(
    trpc.access.stateRelationship.mutationOptions({ onSuccess: () => open(() => router.refresh()) }),
  );
  const isBusy = state.isPending || isOpening;
  const { mutate } = state;

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const chosen = STATEMENTS.find(({ key }) => key === event.key);
      if (chosen && !event.ctrlKey && !event.metaKey && !event.altKey)
        mutate({ patientId, statement: chosen.statement });
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [mutate, patientId]);

  return (
    <Page
      title="Why do you look?"
      lead="You have no relationship with this patient on record. Say why you look: the record opens for 24 hours, and what you say is reviewed."
    >
      <ul className="flex max-w-md flex-col gap-2">
        {STATEMENTS.map(({ key, statement, text }) => (
          <li key={key}>
            <Button
              className="w-full !justify-start text-left"
              disabled={isBusy}
              onClick={() => mutate({ patientId, statement })}
            >
              <kbd className="rounded border border-field px-1.5 font-mono">{key}</kbd> {text}
            </Button>
          </li>
        ))}
      </ul>
      {isBusy ? <p role="status">Opening …</p> : null}
      <Failed title="The record did not open" error={state.error} />
    </Page>
  );
}
