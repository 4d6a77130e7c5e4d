"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { type FormEvent, useId, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { ChoiceField, TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { ChooseReceiver, type Receiver } from "./choose-receiver.tsx";

type Prior = Outputs["timeline"]["priors"]["priors"][number];
type Props = {
  studyId: string;
  patientId: string;
  priors: readonly Prior[];
  /** So many of them are suggested. */
  suggested: number;
  trustNames: ReadonlyMap<string, string>;
};

const URGENCIES = [
  ["routine", "Routine"],
  ["soon", "Soon: this week"],
  ["urgent", "Urgent: today. Call them as well"],
] as const;
const MOST_PRIORS = 5;
const DAYS = [7, 14, 30, 90].map((count) => [count, `${count} days`] as const);

/** What goes along: the priors that help, chosen until the sender says otherwise. */
function Priors({
  priors,
  chosen,
  onChoose,
}: {
  priors: readonly Prior[];
  chosen: readonly string[];
  onChoose(chosen: string[]): void;
}) {
  if (priors.length === 0)
    return <p className="text-muted">There is no earlier study that you may send along.</p>;
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="font-medium">Beside it</legend>
      {priors.map(({ studyId, description, modalities, studyDate, reason }) => {
        const isChosen = chosen.includes(studyId);
        return (
          <label key={studyId} className="flex items-baseline gap-2">
            <input
              type="checkbox"
              checked={isChosen}
              disabled={!isChosen && chosen.length >= MOST_PRIORS}
              onChange={() =>
                onChoose(isChosen ? chosen.filter((one) => one !== studyId) : [...chosen, studyId])
              }
            />
            <span>
              {modalities.join(", ")} {description ?? ""}, {asDate(studyDate)}{" "}
              <span className="text-muted">{reason}</span>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

/** Asks somebody about a study: to whom, what, how soon, with what beside it, and until when it opens the record to them. */
export function ReferForm({ studyId, patientId, priors, suggested, trustNames }: Props) {
  const trpc = useTRPC();
  const questionId = useId();
  // One window makes one referral, however often its answer is lost on the way.
  const [referralId] = useState(() => crypto.randomUUID());
  const [receiver, setReceiver] = useState<Receiver>();
  const [question, setQuestion] = useState("");
  const [service, setService] = useState("");
  const [urgency, setUrgency] = useState<(typeof URGENCIES)[number][0]>("routine");
  const [days, setDays] = useState(14);
  const [priorIds, setPriorIds] = useState(() => priors.slice(0, suggested).map((prior) => prior.studyId));
  const send = useMutation(trpc.referral.send.mutationOptions());
  if (send.data)
    return (
      <Notice tone="green" title={`Sent to ${receiver?.displayName ?? "them"}`}>
        It opens this patient's record to them until {asDate(send.data.endsAt)}. When they open it, and what
        they answer, stands under{" "}
        <Link href="/referrals?box=sent" className="text-accent underline">
          Referrals
        </Link>
        . Back to{" "}
        <Link href={`/patients/${patientId}`} prefetch={false} className="text-accent underline">
          the patient's record
        </Link>
        .
      </Notice>
    );
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!receiver) return;
    const { personId: toPersonId } = receiver;
    send.mutate({ referralId, studyId, toPersonId, question, service, urgency, days, priorIds });
  }
  return (
    <Panel className="px-4 py-4">
      <form onSubmit={submit} aria-label="Refer" className="flex max-w-3xl flex-col gap-4">
        <ChooseReceiver chosen={receiver} trustNames={trustNames} onChoose={setReceiver} />
        <div className="flex flex-col gap-1">
          <label htmlFor={questionId} className="text-[0.8125rem] font-medium text-muted">
            What you ask
          </label>
          <textarea
            id={questionId}
            rows={4}
            maxLength={2000}
            value={question}
            onChange={(event) => setQuestion(event.target.value)}
            className="w-full rounded border border-field bg-panel px-2.5 py-1.5 text-ink"
          />
        </div>
        <div className="grid gap-3 sm:grid-cols-3">
          <TextField
            label="Service (if it helps them)"
            value={service}
            maxLength={80}
            onChange={(event) => setService(event.target.value)}
          />
          <ChoiceField label="How soon" value={urgency} choices={URGENCIES} onChoose={setUrgency} />
          <ChoiceField label="They may look for" value={days} choices={DAYS} onChoose={setDays} />
        </div>
        <Priors priors={priors} chosen={priorIds} onChoose={setPriorIds} />
        <p className="text-sm text-muted">
          For this patient's care alone. It opens the patient's record to them, not only this study; it is on
          the audit, and the patient can see it.
        </p>
        <Button
          type="submit"
          tone="main"
          className="w-fit"
          disabled={!receiver || question.trim().length < 3 || send.isPending}
        >
          {send.isPending ? "Sending …" : "Send the referral"}
        </Button>
        <Failed title="It wasn't sent" error={send.error} />
      </form>
    </Panel>
  );
}
