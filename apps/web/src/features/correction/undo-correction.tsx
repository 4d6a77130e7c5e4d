"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";

const LEAST_REASON = 3;

/** Takes a correction back, with a reason. Undo instead of "are you sure?". */
export function UndoCorrection({ correctionId }: { correctionId: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const isHere = useIsHere();
  const [reason, setReason] = useState("");
  const undo = useMutation(
    trpc.correction.undo.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.correction.list.queryKey() }),
    }),
  );
  if (undo.data)
    return (
      <p role="status" className="font-semibold">
        {undo.data.state === "waiting"
          ? "A second person has to confirm the undo, under Corrections."
          : "It was undone: what stood before is shown again."}
      </p>
    );
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        undo.mutate({ correctionId, reason });
      }}
    >
      <div className="min-w-64 grow sm:max-w-md">
        <TextField
          label="Why it is undone"
          disabled={!isHere}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <Button type="submit" disabled={reason.trim().length < LEAST_REASON || undo.isPending}>
        {undo.isPending ? "Undoing …" : "Undo"}
      </Button>
      <Failed title="It was not undone" error={undo.error} />
    </form>
  );
}
