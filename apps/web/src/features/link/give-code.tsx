"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { BirthDate, type Born, NOBODY } from "./birth-date.tsx";
import { codeOf, mine, wordsOf } from "./mine-client.ts";
import { NotMine } from "./not-mine.tsx";
import { BigButton, BigField, Said, Title } from "./parts.tsx";
import type { Step } from "./step.ts";
import { dayOf } from "./token-in.ts";

type Props = { token: string; onStep(step: Step): void };

function AskAgain({ token }: { token: string }) {
  const again = useMutation({ mutationFn: () => mine.askCode.mutate({ token }) });
  return (
    <>
      <BigButton look="plain" disabled={again.isPending} onClick={() => again.mutate()}>
        Send another code
      </BigButton>
      {again.data ? <Said tone="good">Another code is on its way, if your link is still good.</Said> : null}
      {again.error ? <Said tone="wrong">{wordsOf(again.error)}</Said> : null}
    </>
  );
}

/** The code that was sent, and the date of birth where the link asks for it in addition. */
export function GiveCode({ token, onStep }: Props) {
  const [code, setCode] = useState("");
  const [asksBirth, setAsksBirth] = useState(false);
  const [born, setBorn] = useState<Born>(NOBODY);
  const [isNoDay, setIsNoDay] = useState(false);
  const heading = useRef<HTMLDivElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const prove = useMutation({
    mutationFn: (birthDate: string | undefined) =>
      mine.prove.mutate({ token, code: code.replace(/\D/g, ""), ...(birthDate ? { birthDate } : {}) }),
    onSuccess(came) {
      if (came.state === "asks-birth-date") setAsksBirth(true);
      else if (came.state === "open") window.location.replace("/link/images");
      else onStep({ at: "over", why: came.state, token });
    },
    onError(error) {
      if (codeOf(error) === "LINK_LOCKED") onStep({ at: "locked", token });
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    const birthDate = asksBirth ? dayOf(born.day, born.month, born.year) : undefined;
    setIsNoDay(asksBirth && birthDate === undefined);
    if (!asksBirth || birthDate) prove.mutate(birthDate);
  }
  const isPaused = codeOf(prove.error) === "TRY_LATER";
  return (
    <>
      <div ref={heading} tabIndex={-1}>
        <Title>Type your code</Title>
      </div>
      <p>If your link is good, a code of six numbers is on its way to you. It works for ten minutes.</p>
      <form onSubmit={submit} aria-label="Your code" className="flex flex-col gap-4">
        <BigField
          label="Code"
          value={code}
          onChange={(event) => setCode(event.target.value)}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={12}
          className="w-44 tracking-[0.25em]"
        />
        {asksBirth ? <BirthDate born={born} onChange={setBorn} /> : null}
        {isNoDay ? (
          <Said tone="wrong">Look at the date of birth once more: there is no such day.</Said>
        ) : null}
        {prove.error ? (
          <Said tone="wrong">
            {isPaused
              ? "There were several wrong codes, so we wait for 15 minutes. Then ask for another code. Your images are safe."
              : wordsOf(prove.error)}
          </Said>
        ) : null}
        <BigButton type="submit" disabled={code.replace(/\D/g, "").length !== 6 || prove.isPending}>
          {prove.isPending ? "Checking …" : "Go on"}
        </BigButton>
      </form>
      <AskAgain token={token} />
      <NotMine token={token} onStep={onStep} />
      <p className="text-muted">Nobody from the hospital will ever ask you for this code.</p>
    </>
  );
}
