"use client";
import { useMutation } from "@tanstack/react-query";
import { ArrowDown, ArrowUp } from "lucide-react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { nameOf, spacedNhsNumber } from "#features/shell/patient-banner.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { CaseDetail } from "./case-detail.tsx";
import { type CaseProps, caseName } from "./case-props.ts";
import { imageSides, SIDES } from "./kinds.ts";
import { type Case, ReadinessBadge } from "./readiness.tsx";

function Who({ one }: { one: Case }) {
  const { identity } = one;
  if (!identity) return <Badge tone="amber">Restricted record, listed by a member</Badge>;
  return (
    <span>
      <strong>{nameOf(identity)}</strong>{" "}
      <span className="text-muted">
        born {asDate(identity.birthDate)}
        {identity.nhsNumber ? ` · NHS ${spacedNhsNumber(identity.nhsNumber)}` : ""}
      </span>
    </span>
  );
}

function Move({ read, one, number, onChanged }: CaseProps & { number: number }) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const move = useMutation(trpc.mdt.moveCase.mutationOptions({ onSettled: onChanged }));
  const to = (place: number) => move.mutate({ meetingId: read.meeting.id, caseId: one.id, to: place });
  return (
    <>
      <Button
        className="min-h-8 px-2"
        aria-label={`Move ${caseName(one)} up`}
        disabled={!isHere || number === 1 || move.isPending}
        onClick={() => to(number - 1)}
      >
        <ArrowUp aria-hidden size={16} />
      </Button>
      <Button
        className="min-h-8 px-2"
        aria-label={`Move ${caseName(one)} down`}
        disabled={!isHere || number === read.cases.length || move.isPending}
        onClick={() => to(number + 1)}
      >
        <ArrowDown aria-hidden size={16} />
      </Button>
      <Failed title="It was not moved" error={move.error} />
    </>
  );
}

/** What the list is for of this case: its question, or the operation and its side beside the side of the images. */
function About({ read, one }: Pick<CaseProps, "read" | "one">) {
  if (read.meeting.kind !== "theatre")
    return (
      <span className="block text-muted">
        {one.question || (read.meeting.kind === "clinic" ? "" : "No question written yet")}
      </span>
    );
  return (
    <span className="block">
      {one.procedure || "No operation written yet"},{" "}
      <strong>{one.side ? SIDES[one.side] : "side not written"}</strong>
      <span className="ml-3 text-muted">images are of: {imageSides(one.studies) || "no side said"}</span>
    </span>
  );
}

type Props = CaseProps & { number: number; isOpen: boolean; onOpen(): void };

/** A case as a line: who, the question, and each aspect with its colour and word. Open: what is missing and what to do. */
export function CaseRow({ read, one, number, isOpen, onOpen, onChanged }: Props) {
  const isHere = useIsHere();
  return (
    <li aria-label={`Case ${number}`} className="rounded border border-line bg-panel">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2">
        <span className="w-8 font-bold">{number}</span>
        <span className="grow">
          <Who one={one} />
          {one.targetDate ? <span className="ml-3">target {asDate(one.targetDate)}</span> : null}
          {one.elsewhere.map((other) => (
            <span key={other.meetingId} className="ml-3">
              <Badge tone="amber">
                also on {other.name}, {asMoment(other.startsAt)}
              </Badge>
            </span>
          ))}
          <About read={read} one={one} />
        </span>
        <ReadinessBadge colour={one.readiness.colour} label="Case" />
        {read.mayList ? <Move read={read} one={one} number={number} onChanged={onChanged} /> : null}
        <Button disabled={!isHere} aria-expanded={isOpen} onClick={onOpen}>
          {isOpen ? "Close" : "Open"}
          <span className="sr-only"> {caseName(one)}</span>
        </Button>
      </div>
      <ul aria-label={`How ready ${caseName(one)} is`} className="flex flex-wrap gap-1 px-3 pb-2">
        {one.readiness.aspects.map(({ about, requirementId, label, colour }) => (
          <li key={requirementId ?? about}>
            <ReadinessBadge colour={colour} label={label} />
          </li>
        ))}
      </ul>
      {isOpen ? <CaseDetail read={read} one={one} onChanged={onChanged} /> : null}
    </li>
  );
}
