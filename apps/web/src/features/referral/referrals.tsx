"use client";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState } from "react";
import { ListForMeeting } from "#features/mdt/list-for-meeting.tsx";
import { Badge, type Tone } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Referral = Outputs["referral"]["list"]["referrals"][number];
type Box = "received" | "sent";

const STATES: Record<Referral["state"], { tone: Tone; text: string }> = {
  waiting: { tone: "amber", text: "Not opened yet" },
  opened: { tone: "info", text: "Opened" },
  answered: { tone: "green", text: "Answered" },
  withdrawn: { tone: "unknown", text: "Taken back" },
  over: { tone: "unknown", text: "Over" },
};
const MOST_BESIDE = 3;

function Failed({ error }: { error: Parameters<typeof errorText>[0] | null }) {
  if (!error) return null;
  return (
    <Notice tone="danger" title="That didn't work">
      {errorText(error)}
    </Notice>
  );
}

/** What the receiver does: opens the study with its priors beside it, and answers. */
function Receiving({ referral }: { referral: Referral }) {
  const { referralId, isInForce, repliedAt, question } = referral;
  const trpc = useTRPC();
  const router = useRouter();
  const replyId = useId();
  const [reply, setReply] = useState("");
  const open = useMutation(
    trpc.referral.open.mutationOptions({
      onSuccess({ studyId, priorIds }) {
        const beside = priorIds.slice(0, MOST_BESIDE).map((id) => `prior=${id}`);
        router.push(`/studies/${studyId}${beside.length > 0 ? `?${beside.join("&")}` : ""}`);
      },
    }),
  );
  const answer = useMutation(trpc.referral.answer.mutationOptions({ onSuccess: () => router.refresh() }));
  if (!isInForce) return null;
  function submit(event: FormEvent) {
    event.preventDefault();
    answer.mutate({ referralId, reply });
  }
  return (
    <>
      <Button
        tone="main"
        className="w-fit"
        disabled={open.isPending}
        onClick={() => open.mutate({ referralId })}
      >
        Open the images
      </Button>
      <ListForMeeting of={{ referralId }} {...(question ? { question } : {})} />
      <Failed error={open.error} />
      {repliedAt ? null : (
        <form onSubmit={submit} aria-label="Answer" className="flex max-w-3xl flex-col gap-2">
          <label htmlFor={replyId} className="text-[0.8125rem] font-medium text-muted">
            Your answer
          </label>
          <textarea
            id={replyId}
            rows={3}
            maxLength={4000}
            value={reply}
            onChange={(event) => setReply(event.target.value)}
            className="w-full rounded border border-field bg-panel px-2.5 py-1.5 text-ink"
          />
          <Button type="submit" className="w-fit" disabled={reply.trim().length < 2 || answer.isPending}>
            Send the answer
          </Button>
        </form>
      )}
      <Failed error={answer.error} />
    </>
  );
}

function Sending({ referral: { referralId, isInForce } }: { referral: Referral }) {
  const trpc = useTRPC();
  const router = useRouter();
  const withdraw = useMutation(trpc.referral.withdraw.mutationOptions({ onSuccess: () => router.refresh() }));
  if (!isInForce) return null;
  return (
    <>
      <Button className="w-fit" disabled={withdraw.isPending} onClick={() => withdraw.mutate({ referralId })}>
        Take it back
      </Button>
      <Failed error={withdraw.error} />
    </>
  );
}

type Item = { referral: Referral; box: Box; trustNames: ReadonlyMap<string, string> };

function ReferralItem({ referral, box, trustNames }: Item) {
  const { state, patient, question, urgency, service, reply } = referral;
  const other = box === "received" ? referral.from : referral.to;
  const shown = STATES[state];
  return (
    <li className="flex flex-col gap-2 rounded border border-line bg-panel px-4 py-3">
      <p className="flex flex-wrap items-center gap-2">
        {urgency === "routine" ? null : (
          <Badge tone="danger">{urgency === "urgent" ? "Urgent" : "Soon"}</Badge>
        )}
        <Badge tone={shown.tone}>{shown.text}</Badge>
        <span>
          {box === "received" ? "From" : "To"} <strong>{other.name}</strong>,{" "}
          {trustNames.get(other.organisation) ?? other.organisation}
          {service ? ` (${service})` : ""}, {asMoment(referral.sentAt)}
        </span>
      </p>
      {patient ? (
        <PatientBanner patient={patient} now={new Date()} />
      ) : (
        <p className="text-muted">It opens this patient's record no longer.</p>
      )}
      {question ? <p className="max-w-prose whitespace-pre-wrap">{question}</p> : null}
      {referral.openedAt ? (
        <p className="text-sm text-muted">
          Opened {asMoment(referral.openedAt)} by {referral.to.name}
        </p>
      ) : null}
      {reply ? (
        <blockquote className="max-w-prose border-l-4 border-green px-3 whitespace-pre-wrap">
          {reply}
          <footer className="text-sm text-muted">
            {referral.to.name}, {asMoment(referral.repliedAt)}
          </footer>
        </blockquote>
      ) : null}
      {referral.isInForce ? (
        <p className="text-sm text-muted">It opens the record until {asMoment(referral.endsAt)}.</p>
      ) : null}
      {box === "received" ? <Receiving referral={referral} /> : <Sending referral={referral} />}
    </li>
  );
}

type Props = { box: Box; referrals: readonly Referral[]; trustNames: ReadonlyMap<string, string> };

export function Referrals({ box, referrals, trustNames }: Props) {
  if (referrals.length === 0)
    return (
      <p className="rounded border border-line bg-panel px-4 py-10 text-center text-muted">
        {box === "received"
          ? "Nobody has asked you anything."
          : "You have asked nobody. Refer from a study on a patient's record."}
      </p>
    );
  return (
    <ul className="flex flex-col gap-3">
      {referrals.map((referral) => (
        <ReferralItem key={referral.referralId} referral={referral} box={box} trustNames={trustNames} />
      ))}
    </ul>
  );
}
