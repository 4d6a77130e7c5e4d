"use client";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { FormEvent } from "react";
import { Badge, type Tone } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { type Inputs, type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Flag = Outputs["review"]["listFlags"]["flags"][number];
type Outcome = Inputs["review"]["closeFlag"]["outcome"];

const OUTCOMES: Record<Outcome, { words: string; tone: Tone }> = {
  explained: { words: "Explained", tone: "green" },
  "no-concern": { words: "No concern", tone: "green" },
  inappropriate: { words: "Inappropriate", tone: "danger" },
};
const outcomeOf = (text: FormDataEntryValue | string | null) =>
  (["explained", "no-concern", "inappropriate"] as const).find((one) => one === text);

function CloseFlag({ flag }: { flag: Flag }) {
  const trpc = useTRPC();
  const router = useRouter();
  const close = useMutation(trpc.review.closeFlag.mutationOptions({ onSuccess: () => router.refresh() }));
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const outcome = outcomeOf(form.get("outcome"));
    if (outcome) close.mutate({ flagId: flag.id, outcome, note: String(form.get("note") ?? "") });
  }
  return (
    <form onSubmit={submit} className="grid max-w-3xl items-end gap-3 sm:grid-cols-[12rem_1fr_auto]">
      <SelectField label="What came of it" name="outcome" required defaultValue="">
        <option value="">Choose</option>
        {Object.entries(OUTCOMES).map(([outcome, { words }]) => (
          <option key={outcome} value={outcome}>
            {words}
          </option>
        ))}
      </SelectField>
      <TextField label="Who said what" name="note" required minLength={3} maxLength={500} />
      <Button type="submit" disabled={close.isPending}>
        Close this flag
      </Button>
      <Failed title="That didn't work" error={close.error} />
    </form>
  );
}

function FlagItem({ flag }: { flag: Flag }) {
  const outcome = outcomeOf(flag.outcome);
  const { patient } = flag;
  return (
    <li className="flex flex-col gap-2 rounded border border-line bg-panel px-4 py-3">
      <p>
        <strong>{flag.name ?? flag.personId}</strong>
        {flag.role ? `, ${flag.role}` : ""}, for {flag.organisation}, looked on {asDate(flag.day)} at{" "}
        {patient ? `${patient.family.toUpperCase()}, ${patient.given}` : "a patient of another trust"} (held
        by {flag.custodian}).
      </p>
      <ul className="list-disc pl-5">
        {flag.reasons.map(({ code, says }) => (
          <li key={code}>{says}</li>
        ))}
      </ul>
      {outcome ? (
        <p className="text-sm">
          <Badge tone={OUTCOMES[outcome].tone}>{OUTCOMES[outcome].words}</Badge> {flag.note} (
          {flag.reviewedBy}, {asMoment(flag.reviewedAt)})
        </p>
      ) : (
        <CloseFlag flag={flag} />
      )}
    </li>
  );
}

export function Flags({ flags }: { flags: readonly Flag[] }) {
  if (flags.length === 0)
    return (
      <p className="rounded border border-line bg-panel px-4 py-10 text-center text-muted">
        Nothing was flagged.
      </p>
    );
  return (
    <ul aria-label="Flags, those that wait first" className="flex flex-col gap-3">
      {flags.map((flag) => (
        <FlagItem key={flag.id} flag={flag} />
      ))}
    </ul>
  );
}
