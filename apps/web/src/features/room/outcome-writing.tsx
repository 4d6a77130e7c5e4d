"use client";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { errorText } from "#features/shell/error-text.ts";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { stagingText } from "./letter.ts";
import { Sign } from "./outcome-sign.tsx";
import { KINDS, type Of, type Outcome } from "./outcome-words.ts";
import { useReread } from "./shown-case.ts";
import { TextArea } from "./text-area.tsx";

type Staged = NonNullable<Outcome["staging"]>;
type Words = { kind: Outcome["kind"]; decision: string; staging: Staged; deferralReason: string };

const NO_STAGING: Staged = { prefix: "", t: "", n: "", m: "", stage: "", edition: "" };
const PREFIXES = ["", "c", "p", "yc", "yp", "r"] as const;
const OUTCOMES = ["decided", "deferred", "not-discussed"] as const;

const wordsOf = (outcome: Outcome | undefined): Words => ({
  kind: outcome?.kind ?? "decided",
  decision: outcome?.decision ?? "",
  staging: outcome?.staging ?? NO_STAGING,
  deferralReason: outcome?.deferralReason ?? "",
});
const isSame = (a: Words, b: Words) => JSON.stringify(a) === JSON.stringify(b);

/** What is typed, under the version it was typed upon. What somebody else saved meanwhile stands beside it, never over it. */
function useDraft({ shown }: Of) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const { outcome } = shown;
  const [base, setBase] = useState({ version: outcome?.version ?? 0, words: wordsOf(outcome) });
  const [words, setWords] = useState(base.words);
  const [theirs, setTheirs] = useState<Outcome>();
  const isTouched = !isSame(words, base.words);
  const stands = outcome?.version ?? 0;
  useEffect(() => {
    // What is older than this window knows is an answer that was overtaken.
    if (stands <= base.version) return;
    const now = wordsOf(outcome);
    // Somebody else saved other words: where something is typed here they stand beside it, else they are shown.
    if (isTouched && !isSame(now, base.words)) return setTheirs(outcome);
    setBase({ version: stands, words: now });
    if (!isTouched) setWords(now);
  }, [stands, base, isTouched, outcome]);
  const save = useMutation(
    trpc.room.saveOutcome.mutationOptions({
      onSuccess({ isKept, outcome: now }) {
        if (isKept) {
          setBase({ version: now?.version ?? 0, words: wordsOf(now) });
          setWords(wordsOf(now));
          setTheirs(undefined);
        } else setTheirs(now);
        void reread();
      },
    }),
  );
  /** The typed words go on, upon theirs. */
  const goOn = () => {
    setBase({ version: theirs?.version ?? 0, words: wordsOf(theirs) });
    setTheirs(undefined);
  };
  const takeTheirs = () => {
    goOn();
    setWords(wordsOf(theirs));
  };
  return { words, setWords, isTouched, base, theirs, save, goOn, takeTheirs };
}

type Draft = ReturnType<typeof useDraft>;

function Staging({ words, setWords }: Pick<Draft, "words" | "setWords">) {
  const { staging } = words;
  const set = (more: Partial<Staged>) => setWords({ ...words, staging: { ...staging, ...more } });
  return (
    <fieldset className="grid grid-cols-3 gap-2">
      <legend className="text-[0.8125rem] font-medium text-muted">Staging</legend>
      <SelectField
        label="Prefix"
        value={staging.prefix}
        onChange={({ target }) => set({ prefix: PREFIXES.find((one) => one === target.value) ?? "" })}
      >
        {PREFIXES.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </SelectField>
      {(["t", "n", "m"] as const).map((field) => (
        <TextField
          key={field}
          label={field.toUpperCase()}
          value={staging[field]}
          maxLength={12}
          onChange={({ target }) => set({ [field]: target.value })}
        />
      ))}
      <TextField
        label="Stage"
        value={staging.stage}
        maxLength={20}
        onChange={({ target }) => set({ stage: target.value })}
      />
      <TextField
        label="Edition"
        value={staging.edition}
        maxLength={20}
        onChange={({ target }) => set({ edition: target.value })}
      />
    </fieldset>
  );
}

function Conflict({ draft: { theirs, goOn, takeTheirs } }: { draft: Draft }) {
  if (!theirs) return null;
  return (
    <Notice tone="amber" title={`${theirs.changedBy} changed this outcome while you typed`}>
      <p>Theirs, as it stands now:</p>
      <p className="whitespace-pre-wrap font-semibold">
        {theirs.kind === "decided" ? theirs.decision : theirs.deferralReason} {stagingText(theirs.staging)}
      </p>
      <p>Yours is below, as you typed it.</p>
      <p className="mt-2 flex flex-wrap gap-3">
        <Button onClick={goOn}>Go on with mine</Button>
        <Button onClick={takeTheirs}>Take theirs</Button>
      </p>
    </Notice>
  );
}

export function Writing({ shown }: Of) {
  const draft = useDraft({ shown });
  const { words, setWords, isTouched, base, save, theirs } = draft;
  return (
    <>
      <Conflict draft={draft} />
      <SelectField
        label="Outcome"
        value={words.kind}
        onChange={({ target }) =>
          setWords({ ...words, kind: OUTCOMES.find((one) => one === target.value) ?? "decided" })
        }
      >
        {OUTCOMES.map((kind) => (
          <option key={kind} value={kind}>
            {KINDS[kind]}
          </option>
        ))}
      </SelectField>
      {words.kind === "decided" ? (
        <>
          <TextArea
            label="Decision"
            value={words.decision}
            maxLength={4000}
            onChange={({ target }) => setWords({ ...words, decision: target.value })}
          />
          <Staging words={words} setWords={setWords} />
        </>
      ) : (
        <TextArea
          label="Why"
          value={words.deferralReason}
          maxLength={1000}
          onChange={({ target }) => setWords({ ...words, deferralReason: target.value })}
        />
      )}
      <p className="flex items-center gap-3">
        <Button
          tone="main"
          disabled={!isTouched || save.isPending || theirs !== undefined}
          onClick={() => save.mutate({ caseId: shown.caseId, version: base.version, words })}
        >
          Save the outcome
        </Button>
        <span role="status">{isTouched ? "Not saved yet" : base.version > 0 ? "Saved" : ""}</span>
      </p>
      {save.error ? <p role="alert">{errorText(save.error)}</p> : null}
      <Sign shown={shown} isTouched={isTouched} />
    </>
  );
}
