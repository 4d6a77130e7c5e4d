"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { Closed } from "./closed.tsx";
import { EndLink } from "./end-link.tsx";
import { type MineOutputs, type MineView, mine, wordsOf } from "./mine-client.ts";
import { BigButton, Card, Said, Title } from "./parts.tsx";
import { plainDay, plainMoment } from "./plain-names.ts";
import { useRenewal } from "./use-renewal.ts";
import { Ways } from "./ways.tsx";

type Receipts = MineOutputs["readReceipts"];
type Look = Receipts["looks"][number];
type Passed = Receipts["passedOn"][number];

const DEVICES: Record<Receipts["openings"][number]["device"], string> = {
  phone: "a phone",
  tablet: "a tablet",
  computer: "a computer",
  unknown: "a device that we don't know",
};
const STATES: Record<Passed["state"], string> = {
  alive: "works",
  locked: "is locked after wrong codes",
  ended: "has ended",
  expired: "is over",
};

/** Who it was, when, and why, in words that a patient reads; and a way to ask. */
function LookItem({ look }: { look: Look }) {
  const id = useId();
  const [isAsking, setIsAsking] = useState(false);
  const [words, setWords] = useState("");
  const ask = useMutation({ mutationFn: () => mine.askAbout.mutate({ at: look.at, words }) });
  function submit(event: FormEvent) {
    event.preventDefault();
    ask.mutate();
  }
  return (
    <li className="flex flex-col gap-2 border-t border-line py-3">
      <p>
        <strong>{look.who}</strong> at {look.trust} {look.did.join(", and ")}
        {look.why ? ` ${look.why}` : ""}, {plainMoment(look.at)}.
      </p>
      {ask.data ? (
        <Said tone="good">You have asked. The hospital's privacy officer will look into it.</Said>
      ) : null}
      {isAsking && !ask.data ? (
        <form onSubmit={submit} aria-label="Ask about this" className="flex flex-col gap-3">
          <label htmlFor={id} className="font-semibold">
            What would you like to know?
          </label>
          <textarea
            id={id}
            rows={3}
            maxLength={1000}
            value={words}
            onChange={(event) => setWords(event.target.value)}
            className="rounded-md border-2 border-field bg-panel px-3 py-2 text-ink"
          />
          <BigButton type="submit" disabled={words.trim().length < 2 || ask.isPending}>
            Ask the hospital
          </BigButton>
          {ask.error ? <Said tone="wrong">{wordsOf(ask.error)}</Said> : null}
        </form>
      ) : null}
      {isAsking ? null : (
        <BigButton look="plain" onClick={() => setIsAsking(true)}>
          Ask about this
        </BigButton>
      )}
    </li>
  );
}

function PassedItem({ passed }: { passed: Passed }) {
  const { linkId, to, state, endsAt, mayDownload } = passed;
  const end = useMutation({ mutationFn: () => mine.end.mutate({ linkId }) });
  const isOver = end.data !== undefined || state === "ended" || state === "expired";
  return (
    <li className="flex flex-col gap-2 border-t border-line py-3">
      <p>
        <strong>{to}</strong>: the link {end.data ? STATES.ended : STATES[state]}
        {isOver ? "" : `, until ${plainDay(endsAt)}`}.{" "}
        {mayDownload ? "They could download. What they downloaded stays with them." : "They can't download."}
      </p>
      {isOver ? null : (
        <BigButton look="danger" disabled={end.isPending} onClick={() => end.mutate()}>
          End the link of {to}
        </BigButton>
      )}
      {end.error ? <Said tone="wrong">{wordsOf(end.error)}</Said> : null}
    </li>
  );
}

/** Receipts: each opening of the link, what was passed on of it, and every look of staff at these images. */
export function Looks({ view: first, receipts }: { view: MineView; receipts: Receipts }) {
  const { view, standing } = useRenewal(first);
  if (standing !== "open") return <Closed why={standing} />;
  const { openings, passedOn, looks } = receipts;
  return (
    <>
      <Title>Who has looked</Title>
      <Card label="When your link was opened">
        <h2 className="text-[1.5rem]">When your link was opened</h2>
        <ul>
          {openings.map(({ linkId, at, who, device }) => (
            <li key={`${linkId} ${at}`} className="border-t border-line py-2">
              <strong>{who}</strong>, on {DEVICES[device]}, {plainMoment(at)}
            </li>
          ))}
        </ul>
      </Card>
      {passedOn.length > 0 ? (
        <Card label="What you passed on">
          <h2 className="text-[1.5rem]">What you passed on</h2>
          <ul>
            {passedOn.map((passed) => (
              <PassedItem key={passed.linkId} passed={passed} />
            ))}
          </ul>
        </Card>
      ) : null}
      <Card label="Hospital staff">
        <h2 className="text-[1.5rem]">Hospital staff</h2>
        {looks.length === 0 ? <p>No member of staff has looked at these images yet.</p> : null}
        <ul>
          {looks.map((look) => (
            <LookItem key={`${look.at} ${look.who}`} look={look} />
          ))}
        </ul>
      </Card>
      <EndLink mayDownload={view.mayDownload} />
      <Ways view={view} at="looks" />
    </>
  );
}
