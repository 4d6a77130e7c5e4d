"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { buttonClass } from "#features/shell/button-class.ts";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Item = Outputs["ingest"]["listQuarantine"]["items"][number];
type Props = {
  item: Item;
  isOpen: boolean;
  /** Who watches over safety sees what waits, and decides nothing. */
  mayDecide: boolean;
  onDecided(text: string): Promise<void>;
};

const size = (bytes: number) =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

const HOW: Record<Item["state"], string | undefined> = {
  waiting: undefined,
  retried: "Tried again",
  discarded: "Discarded",
  kept: "Solved: what is here was kept",
  replaced: "Solved: replaced by a new version",
  both: "Solved: taken in under another patient",
};

/** What is known of two numbers that a message says are one person. */
const AGAINST: Record<string, string> = {
  "nhs-number-differs": "their NHS numbers differ",
  "birth-date-differs": "their dates of birth differ",
  "sex-conflicts": "male and female",
  "names-differ": "family and given name both differ",
  "not-to-be-linked": "they are marked as not to be linked",
};

function Decided({ item }: { item: Item }) {
  const how = HOW[item.state];
  if (!how) return null;
  return (
    <p className="text-sm">
      <strong>{how}</strong> {item.decidedAt ? `on ${asMoment(item.decidedAt)}` : ""}
      {item.decisionReason ? `: ${item.decisionReason}` : ""}
    </p>
  );
}

function Facts({ item }: { item: Item }) {
  const { identity } = item;
  const facts: [string, string | undefined][] = [
    ["Patient", identity.name],
    ["Number", identity.localNumber],
    ["Born", identity.birthDate ? asDate(identity.birthDate) : undefined],
    ["Message", identity.messageType],
    ["From", identity.sender],
    ["Message id", identity.controlId],
    ["Accession number", identity.accessionNumber],
    ["Number that would end", identity.mergedNumber],
    ["Speaks against it", identity.rule ? (AGAINST[identity.rule] ?? identity.rule) : undefined],
    ["Modality", identity.modality],
    ["Study", identity.studyInstanceUid],
    ["Object", identity.sopInstanceUid],
    ["Differs in", identity.differs?.join(", ")],
  ];
  return (
    <dl className="grid gap-x-4 gap-y-0.5 text-sm sm:grid-cols-[auto_1fr]">
      {facts.map(([name, value]) =>
        value ? (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="break-all">{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

export function QuarantineItem({ item, isOpen, mayDecide, onDecided }: Props) {
  const trpc = useTRPC();
  const [reason, setReason] = useState("");
  const retry = useMutation(
    trpc.ingest.retryQuarantined.mutationOptions({ onSuccess: () => onDecided("It is on its way again.") }),
  );
  const discard = useMutation(
    trpc.ingest.discardQuarantined.mutationOptions({ onSuccess: () => onDecided("It is discarded.") }),
  );
  const isBusy = retry.isPending || discard.isPending;
  const decision = { quarantineId: item.id, reason: reason.trim() };
  const isWhole = decision.reason.length >= 3 && !isBusy;
  const error = retry.error ?? discard.error;
  return (
    <li className="flex flex-col gap-2 rounded border border-line bg-panel px-4 py-3" data-code={item.code}>
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone="amber">{item.code}</Badge>
        <span className="text-sm text-muted">
          {item.kind === "dicom" ? "DICOM object" : "HL7 message"}, {size(item.sizeBytes)}, since{" "}
          {asMoment(item.since)}
        </span>
      </p>
      <p>{item.sentence}</p>
      <Facts item={item} />
      <Decided item={item} />
      {item.isConflict && mayDecide ? (
        <Link
          href={`/quarantine/${item.id}`}
          prefetch={false}
          className={`${buttonClass({ tone: isOpen ? "main" : "plain" })} w-fit`}
        >
          {isOpen ? "Compare the two and decide" : "Look at the two again"}
          <span className="sr-only">: {item.identity.name ?? item.code}</span>
        </Link>
      ) : null}
      {isOpen && mayDecide ? (
        <div className="flex flex-wrap items-end gap-2">
          <div className="w-full max-w-md">
            <TextField
              label="Reason (kept on record)"
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
            />
          </div>
          <Button
            tone={item.isConflict ? "plain" : "main"}
            disabled={!isWhole}
            onClick={() => retry.mutate(decision)}
          >
            Try again
          </Button>
          {item.isConflict ? null : (
            <Button tone="danger" disabled={!isWhole} onClick={() => discard.mutate(decision)}>
              Discard
            </Button>
          )}
        </div>
      ) : null}
      <Failed title="That didn't work" error={error} />
    </li>
  );
}
