"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { SideBySide } from "#features/shell/side-by-side.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { askedOf, type Draft, EMPTY, type Wrong } from "./asked.ts";
import { factsOf } from "./before-after.ts";
import { RightWords, WhosePatient, WhyUnfit } from "./goal.tsx";
import { Scope } from "./scope.tsx";
import { UndoCorrection } from "./undo-correction.tsx";

type Props = {
  opened: Outputs["study"]["open"];
  organisations: Outputs["organisation"]["list"];
  isReported: boolean;
  /** Its images open to nobody here: it is corrected as a whole, or by series. */
  isRestricted: boolean;
};

const WRONGS: { wrong: Wrong; name: string; means: string }[] = [
  {
    wrong: "patient",
    name: "It is another patient's",
    means: "It moves to the patient whom you choose. Whoever opened it is told.",
  },
  {
    wrong: "unfit",
    name: "It should not be shown",
    means: "It is rejected: kept, and shown nowhere. If it is sent again it stays rejected.",
  },
  {
    wrong: "words",
    name: "Side, body part, description, date or accession number is wrong",
    means: "What is shown is corrected. The images stay as they were sent.",
  },
];

const DONE: Record<Wrong, string> = {
  patient: "It is the right patient's now",
  unfit: "It is rejected and shown nowhere",
  words: "It is corrected",
};

function Result({ result, wrong }: { result: Outputs["correction"]["ask"]; wrong: Wrong }) {
  if (result.state === "waiting")
    return (
      <Notice tone="amber" title="A second person has to confirm this">
        <p>
          The whole study is reported, so another PACS manager or radiographer of your trust confirms or
          declines it under Corrections.{" "}
          {wrong === "patient" ? "Until then it is shown to nobody under the wrong name." : null}
        </p>
        <Link href="/corrections" prefetch={false} className="text-accent underline">
          Corrections
        </Link>
      </Notice>
    );
  return (
    <Notice tone="green" title={DONE[wrong]}>
      <p>
        {result.told === 0
          ? "Nobody else had opened it."
          : `${result.told} ${result.told === 1 ? "person" : "people"} who had opened it will be told on their next page.`}
      </p>
      <div className="mt-2 flex flex-col gap-2">
        <Link href={`/studies/${result.studyId}`} prefetch={false} className="text-accent underline">
          Open the study
        </Link>
        <UndoCorrection correctionId={result.correctionId} />
      </div>
    </Notice>
  );
}

/** What is wrong, with how much of it, and what is right instead; both side by side before it is done (clinical page §2). */
export function CorrectStudy({ opened, organisations, isReported, isRestricted }: Props) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [seriesId, setSeriesId] = useState(opened.series[0]?.seriesId ?? "");
  const ask = useMutation(trpc.correction.ask.mutationOptions());
  const change = (some: Partial<Draft>) => setDraft((was) => ({ ...was, ...some }));
  const asked = askedOf(opened.studyId, draft);
  if (ask.data) return <Result result={ask.data} wrong={draft.wrong} />;
  return (
    <Panel className="flex flex-col gap-5 px-4 py-4">
      <PatientBanner patient={opened.patient} now={new Date()} />
      <fieldset className="flex flex-col gap-2" disabled={ask.isPending || !isHere}>
        <legend className="mb-2 text-lg font-semibold">What is wrong?</legend>
        {WRONGS.map(({ wrong, name, means }) => (
          <label key={wrong} className="flex items-start gap-2">
            <input
              type="radio"
              name="wrong"
              className="mt-1 size-4"
              checked={draft.wrong === wrong}
              onChange={() => change({ wrong })}
            />
            <span>
              <span className="font-semibold">{name}</span>
              <span className="block text-sm text-muted">{means}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {isRestricted ? (
        <Notice tone="amber" title="This record is restricted">
          You put it right without seeing its images: as a whole, or by series.
        </Notice>
      ) : null}
      <Scope
        isRestricted={isRestricted}
        opened={opened}
        draft={draft}
        onChange={change}
        seriesId={seriesId}
        onSeries={setSeriesId}
      />
      {draft.wrong === "patient" ? (
        <WhosePatient opened={opened} draft={draft} onChange={change} organisations={organisations} />
      ) : null}
      {draft.wrong === "unfit" ? <WhyUnfit draft={draft} onChange={change} /> : null}
      {draft.wrong === "words" ? <RightWords draft={draft} onChange={change} /> : null}
      <SideBySide
        caption="What is shown now and what will be"
        left="Shown now"
        right="Shown after"
        facts={factsOf(opened, draft)}
      />
      {isReported && draft.level === "study" && draft.wrong !== "words" ? (
        <Notice tone="info" title="This study is reported: a second person confirms it">
          {draft.wrong === "patient"
            ? "It is shown to nobody from the moment that you ask until they have decided."
            : "It is done when another authorised person of your trust has confirmed it."}
        </Notice>
      ) : null}
      <div className="max-w-xl">
        <TextField
          label="Reason (kept on record)"
          disabled={!isHere}
          value={draft.reason}
          maxLength={500}
          onChange={(event) => change({ reason: event.target.value })}
        />
      </div>
      <Button
        tone="main"
        className="w-fit"
        disabled={!asked || ask.isPending || !isHere}
        onClick={() => asked && ask.mutate(asked)}
      >
        {ask.isPending ? "Correcting …" : "Correct it"}
      </Button>
      <Failed title="Nothing was changed" error={ask.error} />
    </Panel>
  );
}
