"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { TextField } from "#features/shell/field.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import type { Of } from "./outcome-words.ts";
import { useReread } from "./shown-case.ts";

export function Sign({ shown, isTouched }: Of & { isTouched: boolean }) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const [why, setWhy] = useState("");
  const sign = useMutation(trpc.room.signOutcome.mutationOptions({ onSuccess: reread }));
  const { outcome, present } = shown;
  if (!shown.may.sign) return null;
  const pinned = shown.studies.filter(({ isPinned }) => isPinned);
  const seen = pinned.length > 0 ? pinned : shown.studies.slice(0, 20);
  const isShort = !present.quorum.isMet && outcome?.kind === "decided";
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-3">
      <p className="text-sm">
        Signing fixes what was seen (
        {seen.map(({ name, date }) => `${name}, ${asDate(date)}`).join("; ") || "nothing"}
        ), and who is present ({present.people.map(({ name }) => name).join(", ") || "nobody noted"}).
      </p>
      {isShort ? (
        <TextField
          label={`No quorum: ${present.quorum.missing.join(", ")}. Why it stands`}
          value={why}
          maxLength={500}
          onChange={({ target }) => setWhy(target.value)}
        />
      ) : null}
      <p>
        <Button
          tone="main"
          disabled={!outcome || isTouched || sign.isPending || (isShort && why.trim().length < 3)}
          onClick={() =>
            sign.mutate({
              ...{ caseId: shown.caseId, version: outcome?.version ?? 0 },
              studyIds: seen.map(({ studyId }) => studyId),
              ...(isShort ? { withoutQuorum: why } : {}),
            })
          }
        >
          Sign as chair
        </Button>
      </p>
      {sign.error ? <p role="alert">{errorText(sign.error)}</p> : null}
    </div>
  );
}
