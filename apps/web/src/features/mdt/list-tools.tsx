"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { errorText } from "#features/shell/error-text.ts";
import { SelectField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import type { Meeting } from "./readiness.tsx";

/** Gives a text to the browser's downloads. */
function keepFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

function CopyMissing({ missing }: Pick<Meeting, "missing">) {
  const isHere = useIsHere();
  const [from, setFrom] = useState("");
  const [said, setSaid] = useState("");
  const chosen = missing.find((one) => one.from === from) ?? missing[0];
  if (!chosen) return <p className="text-muted">Nothing is missing.</p>;
  async function copy(text: string) {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied.");
    } catch {
      setSaid("This browser doesn't let it be copied.");
    }
  }
  return (
    <div className="flex flex-wrap items-end gap-2">
      <SelectField
        label="What is missing, from"
        value={chosen.from}
        onChange={(event) => setFrom(event.target.value)}
      >
        {missing.map((one) => (
          <option key={one.from}>{one.from}</option>
        ))}
      </SelectField>
      <Button disabled={!isHere} onClick={() => void copy(chosen.text)}>
        Copy what’s missing
      </Button>
      <span role="status" className="text-sm text-muted">
        {said}
      </span>
    </div>
  );
}

/** What is done with a whole list: what is missing as text, the list as a file, what was deferred. */
export function ListTools({ read, onChanged }: { read: Meeting; onChanged(): void }) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const meetingId = read.meeting.id;
  const file = useMutation(
    trpc.mdt.exportList.mutationOptions({ onSuccess: ({ fileName, csv }) => keepFile(fileName, csv) }),
  );
  const bring = useMutation(trpc.mdt.bringDeferred.mutationOptions({ onSuccess: onChanged }));
  const error = file.error ?? bring.error;
  return (
    <div className="flex flex-wrap items-end gap-3">
      <CopyMissing missing={read.missing} />
      <Button
        disabled={!isHere || file.isPending}
        onClick={() => file.mutate({ meetingId, withNames: true })}
      >
        CSV with names
      </Button>
      <Button
        disabled={!isHere || file.isPending}
        onClick={() => file.mutate({ meetingId, withNames: false })}
      >
        CSV without names
      </Button>
      {read.mayList ? (
        <Button disabled={!isHere || bring.isPending} onClick={() => bring.mutate({ meetingId })}>
          Bring what was deferred
        </Button>
      ) : null}
      {bring.data ? <span role="status">{bring.data.added.length} brought over.</span> : null}
      {error ? (
        <Notice tone="danger" title="That didn't work">
          {errorText(error)}
        </Notice>
      ) : null}
    </div>
  );
}
