"use client";
import Link from "next/link";
import { useState } from "react";
import { Badge, type Tone } from "#features/shell/badge.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import { SideBySide } from "#features/shell/side-by-side.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";
import { factsOf } from "./conflict-facts.ts";
import { ConflictPictures } from "./conflict-pictures.tsx";
import { Differences } from "./differences.tsx";
import { SolveConflict } from "./solve-conflict.tsx";

export type Comparison = Outputs["ingest"]["compareQuarantined"];
type Props = { comparison: Comparison; organisations: Outputs["organisation"]["list"] };

const PIXELS: Record<Comparison["pixels"], { tone: Tone; text: string } | undefined> = {
  same: { tone: "green", text: "The pixels are the same" },
  differ: { tone: "amber", text: "The pixels differ" },
  "other-encoding": { tone: "unknown", text: "The pixels are encoded otherwise: they can't be compared" },
  none: undefined,
};

const DECIDED: Record<Comparison["state"], string> = {
  waiting: "",
  retried: "It was tried again.",
  discarded: "It was discarded.",
  kept: "What was here was kept.",
  replaced: "It was replaced by the newcomer, as a new version.",
  both: "The newcomer was taken in under another patient.",
};

const OTHER_OBJECT =
  "What is here is another image of what is known under that UID: only what the two must agree in is compared.";

/** What is here and what came under its UID, side by side, and the three ways to end it (clinical page §17). */
export function Conflict({ comparison, organisations }: Props) {
  const { here, came, pixels, state } = comparison;
  const [solved, setSolved] = useState<{ text: string; studyId: string | undefined }>();
  const pixelState = PIXELS[pixels];
  const isOpen = state === "waiting" && !solved;
  return (
    <>
      <p className="max-w-prose">{comparison.sentence}</p>
      {solved ? (
        <Notice tone="green" title={solved.text}>
          <p className="flex flex-wrap gap-4">
            <Link href="/quarantine" prefetch={false} className="text-accent underline">
              Back to the quarantine
            </Link>
            {solved.studyId ? (
              <Link href={`/studies/${solved.studyId}`} prefetch={false} className="text-accent underline">
                Open the study
              </Link>
            ) : null}
          </p>
        </Notice>
      ) : null}
      {state === "waiting" ? null : (
        <Notice tone="info" title="This has been decided">
          {DECIDED[state]} What you see is what came, beside what is here now.
        </Notice>
      )}
      {comparison.isRestricted ? (
        <Notice tone="amber" title="What is here belongs to a restricted record">
          Nothing of it is shown, and nothing of it can be changed here. It can be kept.
        </Notice>
      ) : null}
      {here || comparison.isRestricted ? null : (
        <Notice tone="info" title="Nothing stands in its way any more">
          What it was in conflict with is not here now. Go back and try the item again.
        </Notice>
      )}
      <ConflictPictures here={here} came={came} quarantineId={comparison.quarantineId} isOpen={isOpen} />
      <Panel>
        <SideBySide
          caption="What is here and what came"
          left="Is here"
          right="Came"
          facts={factsOf(here, came, comparison.isSameObject)}
        />
      </Panel>
      <p className="flex flex-wrap items-center gap-3">
        {pixelState ? <Badge tone={pixelState.tone}>{pixelState.text}</Badge> : null}
        {here && !comparison.isSameObject ? <span className="text-muted">{OTHER_OBJECT}</span> : null}
        {here ? (
          <Link href={`/studies/${here.studyId}`} prefetch={false} className="text-accent underline">
            Open the study that is here
          </Link>
        ) : null}
      </p>
      {here ? <Differences differences={comparison.differences} /> : null}
      {isOpen ? (
        <SolveConflict
          comparison={comparison}
          organisations={organisations}
          onSolved={(text, studyId) => setSolved({ text, studyId })}
        />
      ) : null}
    </>
  );
}
