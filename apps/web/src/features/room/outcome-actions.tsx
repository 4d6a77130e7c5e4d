"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import type { Of } from "./outcome-words.ts";
import { useReread } from "./shown-case.ts";

export function Actions({ shown }: Of) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const [what, setWhat] = useState("");
  const [owner, setOwner] = useState("");
  const [dueOn, setDueOn] = useState("");
  const save = useMutation(
    trpc.room.saveAction.mutationOptions({
      onSuccess({ isKept }, { version }) {
        if (isKept && version === 0) setWhat("");
        void reread();
      },
    }),
  );
  const actions = shown.outcome?.actions ?? [];
  const isSigned = shown.outcome?.signed !== undefined;
  const member = shown.members.find(({ personId }) => personId === owner);
  const words = {
    ...{ what, owner: member?.name ?? owner, dueOn: dueOn || undefined },
    ownerId: member?.personId,
  };
  return (
    <section aria-label="Actions" className="flex flex-col gap-2 border-t border-line pt-3">
      <h3>Actions</h3>
      <ul className="flex flex-col gap-1">
        {actions.map((action) => (
          <li key={action.id} className="flex flex-wrap items-baseline gap-3">
            <span>
              {action.what}: <strong>{action.owner}</strong>
              {action.dueOn ? `, by ${asDate(action.dueOn)}` : ""}
            </span>
            {action.doneAt ? <Badge tone="green">Done</Badge> : null}
            {isSigned ? null : (
              <Button
                disabled={save.isPending}
                onClick={() =>
                  save.mutate({
                    ...{ caseId: shown.caseId, actionId: action.id, version: action.version },
                    words: {
                      ...{ what: action.what, owner: action.owner, ownerId: action.ownerId },
                      ...{ dueOn: action.dueOn, isRemoved: true },
                    },
                  })
                }
              >
                Take off
              </Button>
            )}
          </li>
        ))}
      </ul>
      {isSigned ? null : (
        <div className="grid gap-2 sm:grid-cols-3">
          <TextField
            label="What"
            value={what}
            maxLength={500}
            onChange={({ target }) => setWhat(target.value)}
          />
          <SelectField label="Who" value={owner} onChange={({ target }) => setOwner(target.value)}>
            <option value="">Choose</option>
            {shown.members.map(({ personId, name }) => (
              <option key={personId} value={personId}>
                {name}
              </option>
            ))}
            <option value="The GP">The GP</option>
            <option value="The referrer">The referrer</option>
          </SelectField>
          <TextField label="By" type="date" value={dueOn} onChange={({ target }) => setDueOn(target.value)} />
          <p>
            <Button
              disabled={!what.trim() || !owner || save.isPending}
              onClick={() =>
                save.mutate({ caseId: shown.caseId, actionId: crypto.randomUUID(), version: 0, words })
              }
            >
              Add the action
            </Button>
          </p>
        </div>
      )}
      {save.data && !save.data.isKept ? (
        <p role="alert">Somebody changed that action meanwhile; it is shown as it stands.</p>
      ) : null}
      {save.error ? <p role="alert">{errorText(save.error)}</p> : null}
    </section>
  );
}
