"use client";
import { useMutation } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { SelectField } from "#features/shell/field.tsx";
import { makePdf } from "#features/shell/pdf.ts";
import { useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { keepFile } from "#viewer/annotations/picture.ts";
import { listOf } from "./list-pdf.ts";
import type { Meeting } from "./readiness.tsx";

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

/** The list as it leaves: each time on the record, with names or without. */
function Files({ meetingId, isDemonstration }: { meetingId: string; isDemonstration: boolean }) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const csv = useMutation(
    trpc.mdt.exportList.mutationOptions({
      onSuccess: (list) => keepFile(new Blob([list.csv], { type: "text/csv" }), `${list.fileName}.csv`),
    }),
  );
  const pdf = useMutation(
    trpc.mdt.exportList.mutationOptions({
      onSuccess: async (list, { withNames }) =>
        keepFile(await makePdf(listOf(list, { withNames, isDemonstration })), `${list.fileName}.pdf`),
    }),
  );
  const error = pdf.error ?? csv.error;
  const isBusy = pdf.isPending || csv.isPending;
  return (
    <>
      {([true, false] as const).map((withNames) => (
        <Fragment key={String(withNames)}>
          <Button disabled={!isHere || isBusy} onClick={() => pdf.mutate({ meetingId, withNames })}>
            PDF {withNames ? "with" : "without"} names
          </Button>
          <Button disabled={!isHere || isBusy} onClick={() => csv.mutate({ meetingId, withNames })}>
            CSV {withNames ? "with" : "without"} names
          </Button>
        </Fragment>
      ))}
      <Failed title="That didn't work" error={error} />
    </>
  );
}

type Props = { read: Meeting; isDemonstration: boolean; onChanged(): void };

/** What is done with a whole list: what is missing as text, the list as a file, what was deferred. */
export function ListTools({ read, isDemonstration, onChanged }: Props) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const meetingId = read.meeting.id;
  const bring = useMutation(trpc.mdt.bringDeferred.mutationOptions({ onSuccess: onChanged }));
  return (
    <div className="flex flex-wrap items-end gap-3">
      <CopyMissing missing={read.missing} />
      <Files meetingId={meetingId} isDemonstration={isDemonstration} />
      {read.mayList ? (
        <Button disabled={!isHere || bring.isPending} onClick={() => bring.mutate({ meetingId })}>
          Bring what was deferred
        </Button>
      ) : null}
      {bring.data ? <span role="status">{bring.data.added.length} brought over.</span> : null}
      <Failed title="That didn't work" error={bring.error} />
    </div>
  );
}
