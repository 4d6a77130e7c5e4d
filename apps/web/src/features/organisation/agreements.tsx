"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Badge, type Tone } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { AddOrganisation } from "./add-organisation.tsx";
import { BeginAgreement } from "./begin-agreement.tsx";

type Agreement = Outputs["organisation"]["listAgreements"][number];
type Rights = { own: string; mayEnd: boolean; mayStop: boolean };

const STATE: Record<Agreement["state"], { tone: Tone; text: string }> = {
  coming: { tone: "info", text: "From later" },
  "in-force": { tone: "green", text: "In force" },
  ending: { tone: "amber", text: "Has an end" },
  ended: { tone: "unknown", text: "Ended" },
  stopped: { tone: "danger", text: "Stopped" },
};

function EndIt({ agreement, onDone }: { agreement: Agreement; onDone(): void }) {
  const trpc = useTRPC();
  const [reason, setReason] = useState("");
  const preview = useMutation(trpc.organisation.previewEnd.mutationOptions());
  const end = useMutation(trpc.organisation.endAgreement.mutationOptions({ onSuccess: onDone }));
  const { agreementId } = agreement;
  if (!preview.data)
    return (
      <p className="flex items-center gap-3">
        <Button disabled={preview.isPending} onClick={() => preview.mutate({ agreementId })}>
          End it…
        </Button>
        {preview.error ? <span role="alert">{errorText(preview.error)}</span> : null}
      </p>
    );
  const { studies, relationships, openStudies, graceMinutes } = preview.data;
  return (
    <div className="flex flex-col gap-2">
      <Notice tone="amber" title="What this would cut">
        {studies} studies would no longer open at other trusts; {relationships} relationships of their staff
        with patients of this trust would open none of them. {openStudies} studies were opened there in the
        last twelve hours: those that are open stay so for at most {graceMinutes} minutes.
      </Notice>
      <div className="flex flex-wrap items-end gap-3">
        <TextField
          label="Why it ends"
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
        />
        <Button
          tone="danger"
          disabled={reason.trim().length < 3 || end.isPending}
          onClick={() => end.mutate({ agreementId, reason })}
        >
          End it now
        </Button>
        <Button onClick={() => preview.reset()}>Leave it</Button>
      </div>
      {end.error ? <p role="alert">{errorText(end.error)}</p> : null}
    </div>
  );
}

function StopIt({ agreement, onDone }: { agreement: Agreement; onDone(): void }) {
  const trpc = useTRPC();
  const [isAsked, setIsAsked] = useState(false);
  const [reason, setReason] = useState("");
  const stop = useMutation(trpc.organisation.stopAgreement.mutationOptions({ onSuccess: onDone }));
  if (!isAsked)
    return (
      <Button tone="danger" className="w-fit" onClick={() => setIsAsked(true)}>
        Stop now…
      </Button>
    );
  return (
    <div className="flex flex-wrap items-end gap-3">
      <TextField
        label="Why it is stopped"
        hint="Also what is open closes, within a minute"
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button
        tone="danger"
        disabled={reason.trim().length < 3 || stop.isPending}
        onClick={() => stop.mutate({ agreementId: agreement.agreementId, reason })}
      >
        Stop now
      </Button>
      <Button onClick={() => setIsAsked(false)}>Leave it</Button>
      {stop.error ? <p role="alert">{errorText(stop.error)}</p> : null}
    </div>
  );
}

type OneProps = Rights & { agreement: Agreement; nameOf(odsCode: string): string; onDone(): void };

function One({ agreement, own, mayEnd, mayStop, nameOf, onDone }: OneProps) {
  const { tone, text } = STATE[agreement.state];
  const isOver = agreement.state === "ended" || agreement.state === "stopped";
  const isParty = agreement.odsCode === own || agreement.withOds === own;
  const name = `${nameOf(agreement.odsCode)} with ${agreement.withOds ? nameOf(agreement.withOds) : "every member"}`;
  return (
    <li className="flex flex-col gap-2 rounded border border-line bg-panel px-4 py-3" aria-label={name}>
      <p className="flex flex-wrap items-center gap-3">
        <Badge tone={tone}>{text}</Badge>
        <strong>{name}</strong>
        <span>
          {agreement.kinds.join(", ")}; for {agreement.purposes.join(", ")}
        </span>
        <span className="text-sm text-muted">
          from {asMoment(agreement.startsAt)}
          {agreement.endsAt ? `, until ${asMoment(agreement.endsAt)}` : ""}
          {agreement.stoppedAt ? `, stopped ${asMoment(agreement.stoppedAt)}` : ""}
          {agreement.reason ? `: ${agreement.reason}` : ""}
        </span>
      </p>
      {isParty && mayEnd && !isOver ? <EndIt agreement={agreement} onDone={onDone} /> : null}
      {isParty && mayStop && agreement.state !== "stopped" ? (
        <StopIt agreement={agreement} onDone={onDone} />
      ) : null}
    </li>
  );
}

type Props = Rights & { first: Agreement[]; organisations: Outputs["organisation"]["list"] };

export function Agreements({ first, organisations, ...rights }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const list = useQuery(trpc.organisation.listAgreements.queryOptions({}, { initialData: first }));
  const known = useQuery(trpc.organisation.list.queryOptions({}, { initialData: organisations }));
  const nameOf = (odsCode: string) => known.data.find((one) => one.odsCode === odsCode)?.name ?? odsCode;
  const onDone = () => {
    void queries.invalidateQueries({ queryKey: trpc.organisation.listAgreements.queryKey() });
    void queries.invalidateQueries({ queryKey: trpc.organisation.list.queryKey() });
  };
  return (
    <>
      <Failed title="The list did not load" error={list.error} />
      <ul className="flex flex-col gap-3">
        {list.data.map((agreement) => (
          <One
            key={`${agreement.agreementId} ${agreement.state}`}
            {...{ agreement, nameOf, onDone, ...rights }}
          />
        ))}
      </ul>
      {rights.mayEnd ? (
        <>
          <AddOrganisation onDone={onDone} />
          <BeginAgreement organisations={known.data} onDone={onDone} />
        </>
      ) : null}
    </>
  );
}
