"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { Notice } from "#features/shell/notice.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

const ASK_EVERY_MS = 10_000;

type Currency = Outputs["study"]["isCurrent"];

/** Asks every few seconds whether what was opened is still served, and still comes here: within a minute nobody looks at what isn't. */
export function useCurrency(
  { studyId, servedVersion }: Pick<Outputs["study"]["open"], "studyId" | "servedVersion">,
  isAsked: boolean,
): Currency | undefined {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.study.isCurrent.queryOptions(
      { studyId, servedVersion },
      { enabled: isAsked, refetchInterval: ASK_EVERY_MS, refetchIntervalInBackground: true, staleTime: 0 },
    ),
  );
  const isGone = data !== undefined && (!data.isCurrent || data.sharing.state === "over");
  useEffect(() => {
    if (isGone) void import("#viewer/stack/engine.ts").then(({ dropImages }) => dropImages());
  }, [isGone]);
  return data;
}

const WHAT: Record<string, string> = {
  moved: "its images are another patient's",
  split: "some of its images are another study's",
  rejected: "images of it were rejected",
  corrected: "what it says of itself was wrong",
  withheld: "it may be another patient's or unsafe, and a second person is being asked",
  merged: "the patient's number was merged into another",
  undone: "an earlier correction was taken back",
  declined: "a proposed correction was declined",
};

/** In place of the images: nothing of what was shown stays, least of all the name above it. */
export function CorrectedSince({ corrected, onClose }: { corrected: Currency; onClose(): void }) {
  const router = useRouter();
  return (
    <div className="fixed inset-0 z-30 flex flex-col gap-4 bg-panel p-6 text-ink">
      <h1>This study was corrected</h1>
      <Notice
        tone="danger"
        title={`Corrected ${corrected.correctedAt ? `at ${asMoment(corrected.correctedAt)}` : "just now"}: ${WHAT[corrected.how ?? ""] ?? "it has changed"}`}
      >
        What you were looking at is no longer shown. Don't rely on it: open the study again, and check the
        name above the images.
      </Notice>
      <p className="flex gap-3">
        <Button tone="main" onClick={() => router.refresh()}>
          Reload
        </Button>
        <Button onClick={onClose}>Close</Button>
      </p>
    </div>
  );
}
