"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { TextField } from "#features/shell/field.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { AskFor, Asks } from "./asks.tsx";
import { CaseFields } from "./case-fields.tsx";
import { Lines } from "./case-lines.tsx";
import { Outside, Pathology } from "./case-notes.tsx";
import { Failed, Part } from "./case-parts.tsx";
import type { CaseProps } from "./case-props.ts";
import { Studies } from "./case-studies.tsx";
import { ReadinessBadge } from "./readiness.tsx";

/** Each aspect in words: what is there or missing, from whom, since when. */
const Aspects = ({ one }: Pick<CaseProps, "one">) => (
  <Part title="How ready it is">
    <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[14rem_1fr]">
      {one.readiness.aspects.map(({ about, requirementId, label, colour, says, from, since }) => (
        <div key={requirementId ?? about} className="contents">
          <dt>
            <ReadinessBadge colour={colour} label={label} />
          </dt>
          <dd>
            {says}
            {colour !== "green" && from ? (
              <span className="text-muted">
                {" "}
                (from {from}
                {since ? ` since ${asDate(since)}` : ""})
              </span>
            ) : null}
          </dd>
        </div>
      ))}
    </dl>
  </Part>
);

function TakeOff({ one, onChanged }: CaseProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [reason, setReason] = useState("");
  const take = useMutation(trpc.mdt.setListed.mutationOptions({ onSuccess: onChanged }));
  return (
    <Part title="Take it off this list">
      <div className="flex flex-wrap items-end gap-2">
        <TextField
          label="Why"
          value={reason}
          maxLength={400}
          disabled={!isHere}
          onChange={(event) => setReason(event.target.value)}
        />
        <Button
          tone="danger"
          disabled={!isHere || take.isPending || reason.trim().length < 3}
          onClick={() => take.mutate({ caseId: one.id, isListed: false, reason })}
        >
          Take off
        </Button>
      </div>
      <Failed error={take.error} />
    </Part>
  );
}

/** All of a case: what is missing, its images, its fields, requests and notes. */
export const CaseDetail = (props: CaseProps) => (
  <div className="flex flex-col gap-5 border-t border-line px-4 py-4">
    <Aspects one={props.one} />
    <Studies {...props} />
    <Asks {...props} />
    <Outside {...props} />
    {props.read.mayList ? (
      <>
        <AskFor {...props} />
        <CaseFields {...props} />
        <Lines {...props} />
        <Pathology {...props} />
        <TakeOff {...props} />
      </>
    ) : null}
  </div>
);
