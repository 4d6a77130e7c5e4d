"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Candidate } from "#features/patient/candidates.tsx";
import { ChosenPatient } from "#features/patient/find-patient.tsx";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Inputs, type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Comparison = Outputs["ingest"]["compareQuarantined"];
type Way = Comparison["ways"][number];
type Solution = Inputs["ingest"]["solveConflict"];
type Props = {
  comparison: Comparison;
  organisations: Outputs["organisation"]["list"];
  onSolved(text: string, studyId: string | undefined): void;
};

const WAYS: Record<Way, { name: string; means: string; done: string }> = {
  keep: {
    name: "Keep what is here",
    means: "The newcomer is discarded. Its row and your reason stay.",
    done: "What is here was kept, and the newcomer is discarded.",
  },
  replace: {
    name: "Replace it, as a new version",
    means: "The newcomer is shown from now on. What is here is kept whole, and can be shown again.",
    done: "The newcomer is shown from now on, as a new version.",
  },
  both: {
    name: "Both: the newcomer is another patient's",
    means: "It is taken in under a patient whom you choose, under UIDs of its own. What is here stays.",
    done: "The newcomer was taken in under the patient whom you chose.",
  },
};
const LEAST_REASON = 3;

function solutionOf(
  comparison: Comparison,
  chosen: { way: Way; reason: string; patient: Candidate | undefined; isAlike: boolean },
): Solution | undefined {
  const { way, patient, isAlike } = chosen;
  const reason = chosen.reason.trim();
  if (reason.length < LEAST_REASON) return undefined;
  const quarantineIds = [comparison.quarantineId, ...(isAlike ? comparison.alike : [])];
  if (way === "keep") return { way, quarantineIds, reason };
  if (way === "both") return patient && { way, quarantineIds, reason, patientId: patient.patientId };
  const hereInstanceId = comparison.here?.image.instanceId;
  return hereInstanceId
    ? { way, quarantineIds: [comparison.quarantineId], reason, hereInstanceId }
    : undefined;
}

/** Why *replace* is not among the ways. */
function whyNoReplace({ ways, isRestricted, here }: Comparison): string | undefined {
  if (ways.includes("replace") || isRestricted || !here) return undefined;
  return "It can't replace what is here: it says that it belongs to another series, study or patient, so it is no version of it.";
}

export function SolveConflict({ comparison, organisations, onSolved }: Props) {
  const trpc = useTRPC();
  const [way, setWay] = useState<Way>("keep");
  const [reason, setReason] = useState("");
  const [patient, setPatient] = useState<Candidate>();
  const [isAlike, setIsAlike] = useState(false);
  const solve = useMutation(
    trpc.ingest.solveConflict.mutationOptions({
      onSuccess: ({ solved }) => onSolved(WAYS[way].done, solved[0]?.studyId ?? undefined),
    }),
  );
  const solution = solutionOf(comparison, { way, reason, patient, isAlike });
  const others = comparison.alike.length;
  return (
    <Panel className="flex flex-col gap-4 px-4 py-4">
      <fieldset className="flex flex-col gap-2" disabled={solve.isPending}>
        <legend className="mb-2 text-lg font-semibold">What is to be done?</legend>
        {comparison.ways.map((one) => (
          <label key={one} className="flex items-start gap-2">
            <input
              type="radio"
              name="way"
              className="mt-1 size-4"
              checked={way === one}
              onChange={() => setWay(one)}
            />
            <span>
              <span className="font-semibold">{WAYS[one].name}</span>
              <span className="block text-sm text-muted">{WAYS[one].means}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {whyNoReplace(comparison) ? <p className="text-sm text-muted">{whyNoReplace(comparison)}</p> : null}
      {way === "both" ? (
        <ChosenPatient
          patient={patient}
          onChange={setPatient}
          organisations={organisations}
          choice="It is theirs"
        />
      ) : null}
      {others > 0 && way !== "replace" ? (
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            className="size-4"
            checked={isAlike}
            onChange={(event) => setIsAlike(event.target.checked)}
          />
          Decide {others === 1 ? "the other one" : `${others} others`} of this series alike
        </label>
      ) : null}
      <div className="max-w-xl">
        <TextField
          label="Reason (kept on record)"
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <Button
        tone="main"
        className="w-fit"
        disabled={!solution || solve.isPending}
        onClick={() => solution && solve.mutate(solution)}
      >
        {solve.isPending ? "Deciding …" : "Decide"}
      </Button>
      <Failed title="That didn't work" error={solve.error} />
    </Panel>
  );
}
