"use client";
import { Actions } from "./outcome-actions.tsx";
import { Opinion } from "./outcome-opinion.tsx";
import { Signed } from "./outcome-signed.tsx";
import type { Of } from "./outcome-words.ts";
import { Writing } from "./outcome-writing.tsx";

/** What the meeting decides of a case: written beside the images, signed by its chair, then changed by addenda only. */
export function OutcomePanel({ shown, isDemonstration }: Of & { isDemonstration: boolean }) {
  const { outcome } = shown;
  return (
    <section aria-label="Outcome" className="flex flex-col gap-3">
      <h2>Outcome</h2>
      {outcome?.signed ? (
        <Signed shown={shown} outcome={outcome} isDemonstration={isDemonstration} />
      ) : (
        <Writing key={shown.caseId} shown={shown} />
      )}
      <Actions key={`actions ${shown.caseId}`} shown={shown} />
      <Opinion key={`opinion ${shown.caseId}`} shown={shown} />
    </section>
  );
}
