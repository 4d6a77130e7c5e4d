"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Badge, type Tone } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { HandOver } from "./hand-over.tsx";

type Row = Outputs["links"]["listOfPatient"]["links"][number];

const STATES: Record<Row["state"], { tone: Tone; text: string }> = {
  alive: { tone: "green", text: "Works" },
  locked: { tone: "amber", text: "Locked after wrong codes" },
  ended: { tone: "unknown", text: "Ended" },
  expired: { tone: "unknown", text: "Its time is over" },
};
const ENDED_WHY: Record<string, string> = {
  ...{ "by-staff": "by staff", "by-patient": "by the patient", "not-me": "“This isn't me”" },
  ...{ parent: "with the link that it was passed on of", proxy: "with the proxy's access" },
  ...{ death: "the patient has died", contact: "its contact was taken back" },
};

function toWhom({ recipient, passedTo, proxyName }: Row): string {
  if (recipient === "passed-on") return `Passed on to ${passedTo ?? "somebody"}`;
  return recipient === "proxy" ? `To ${proxyName ?? "a proxy"}` : "To the patient";
}

function deliveryOf({ delivery }: Row): string {
  if (delivery.failed === "NOTIFIER_REFUSED") return "couldn't be delivered: the address was refused";
  if (delivery.failed) return "couldn't be sent: the message service didn't take it";
  if (delivery.at) return `${delivery.how === "sent" ? "sent" : "handed over"} ${asMoment(delivery.at)}`;
  return delivery.how === "sent" ? "not sent yet" : "not handed over yet";
}

function Acts({ row, onDone }: { row: Row; onDone(): void }) {
  const trpc = useTRPC();
  const [isHanding, setIsHanding] = useState(false);
  const end = useMutation(trpc.links.end.mutationOptions({ onSuccess: onDone }));
  const resend = useMutation(trpc.links.resend.mutationOptions({ onSuccess: onDone }));
  const { linkId, state, recipient } = row;
  if (state === "ended" || state === "expired") return null;
  const error = end.error ?? resend.error;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        {row.contactId || recipient === "passed-on" ? (
          <Button disabled={resend.isPending} onClick={() => resend.mutate({ linkId })}>
            Send again
          </Button>
        ) : null}
        <Button aria-expanded={isHanding} onClick={() => setIsHanding((was) => !was)}>
          Hand over
        </Button>
        <Button tone="danger" disabled={end.isPending} onClick={() => end.mutate({ linkId })}>
          End this link
        </Button>
      </div>
      {isHanding ? <HandOver linkId={linkId} /> : null}
      <Failed title="That didn't work" error={error} />
    </div>
  );
}

function Item({ row, onDone }: { row: Row; onDone(): void }) {
  const { tone, text } = STATES[row.state];
  const isHeld = row.studies.some(({ release }) => release.state !== "open");
  return (
    <li className="flex flex-col gap-2 border-b border-line px-4 py-3 last:border-0">
      <p className="flex flex-wrap items-center gap-2">
        <strong>{toWhom(row)}</strong>
        <Badge tone={tone}>
          {text}
          {row.endedWhy ? `: ${ENDED_WHY[row.endedWhy] ?? row.endedWhy}` : ""}
        </Badge>
        {row.studies.map(({ studyId, description, studyDate }) => (
          <span key={studyId}>
            {description ?? "A study"}, {asDate(studyDate)}
          </span>
        ))}
        {isHeld ? <Badge tone="amber">Held now</Badge> : null}
        {row.isReadBeforeTold ? <Badge tone="danger">Read before told</Badge> : null}
      </p>
      <p className="text-sm text-muted">
        By {row.issuedBy.name}, {asMoment(row.issuedAt)}; {deliveryOf(row)}; until {asDate(row.endsAt)};{" "}
        {row.hasReport ? "with the report" : "without the report"};{" "}
        {row.mayDownload ? "may be downloaded" : "not to download"}.
      </p>
      <p>
        {row.openings.count === 0
          ? "Not opened yet."
          : `Opened ${row.openings.count === 1 ? "once" : `${row.openings.count} times`}, last ${asMoment(row.openings.lastAt)}.`}
      </p>
      <Acts row={row} onDone={onDone} />
    </li>
  );
}

/** All of a patient in one act, from a second press on. */
function EndAll({ patientId, onDone }: { patientId: string; onDone(): void }) {
  const trpc = useTRPC();
  const [isSure, setIsSure] = useState(false);
  const end = useMutation(
    trpc.links.endOfPatient.mutationOptions({
      onSuccess() {
        setIsSure(false);
        onDone();
      },
    }),
  );
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 py-3">
      {isSure ? (
        <>
          <Button tone="danger" disabled={end.isPending} onClick={() => end.mutate({ patientId })}>
            Yes, end every link of this patient
          </Button>
          <Button onClick={() => setIsSure(false)}>No</Button>
        </>
      ) : (
        <Button tone="danger" onClick={() => setIsSure(true)}>
          End all links …
        </Button>
      )}
      <Failed title="They weren't ended" error={end.error} />
    </div>
  );
}

/** A patient's links of one's own trust: their state, who opened them, and the ways to end them. */
export function LinkList({ patientId }: { patientId: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const list = useQuery(trpc.links.listOfPatient.queryOptions({ patientId }));
  const again = () => void queries.invalidateQueries({ queryKey: trpc.links.listOfPatient.queryKey() });
  return (
    <Panel>
      <h2 className="px-4 py-3">Links of this patient</h2>
      <Failed title="Links can't be read" error={list.error} />
      {list.isPending ? (
        <p role="status" className="px-4 py-3">
          Loading …
        </p>
      ) : null}
      {list.data?.links.length === 0 ? <p className="px-4 py-3 text-muted">None has been made.</p> : null}
      <ul aria-label="Links">
        {list.data?.links.map((row) => (
          <Item key={row.linkId} row={row} onDone={again} />
        ))}
      </ul>
      {list.data?.links.some(({ state }) => state === "alive" || state === "locked") ? (
        <EndAll patientId={patientId} onDone={again} />
      ) : null}
    </Panel>
  );
}
