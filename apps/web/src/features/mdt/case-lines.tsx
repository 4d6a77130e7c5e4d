"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { type Inputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { Failed, Part } from "./case-parts.tsx";
import { type CaseProps, caseName } from "./case-props.ts";
import { lineFrom } from "./line-from.ts";

type Said = Inputs["mdt"]["settleLine"]["said"];

/** One more thing that this case needs, as a person writes it. */
function AddLine({ one, onChanged }: CaseProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [text, setText] = useState("");
  const add = useMutation(
    trpc.mdt.addLine.mutationOptions({
      onSuccess() {
        setText("");
        onChanged();
      },
    }),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate({ caseId: one.id, line: lineFrom(text) });
  }
  return (
    <form
      onSubmit={submit}
      aria-label={`One more need of ${caseName(one)}`}
      className="flex flex-wrap items-end gap-2"
    >
      <TextField
        label="What else it needs"
        hint="MR liver <= 28 days"
        value={text}
        maxLength={120}
        disabled={!isHere}
        onChange={({ target }) => setText(target.value)}
      />
      <Button type="submit" disabled={!isHere || add.isPending || text.trim().length < 2}>
        Add the line
      </Button>
      <Failed error={add.error} />
    </form>
  );
}

export function Lines({ read, one, onChanged }: CaseProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [reason, setReason] = useState("");
  const settle = useMutation(
    trpc.mdt.settleLine.mutationOptions({ onSuccess: onChanged, onError: onChanged }),
  );
  if (!read.mayList) return null;
  const say = ({ id, version }: (typeof one.requirements)[number], said: Said) =>
    settle.mutate({ caseId: one.id, requirementId: id, version, said });
  return (
    <Part title="What this case needs">
      <TextField
        label="Reason, for a line that is waived"
        value={reason}
        maxLength={400}
        disabled={!isHere}
        onChange={(event) => setReason(event.target.value)}
      />
      <ul className="flex flex-col gap-1">
        {one.requirements.map((line) => (
          <li key={line.id} className="flex flex-wrap items-center gap-2">
            <span className="w-56">{line.label}</span>
            {line.waivedReason ? (
              <Button
                className="min-h-7 px-2 py-0.5 text-sm"
                disabled={!isHere || settle.isPending}
                onClick={() => say(line, { what: "open" })}
              >
                It is needed after all
              </Button>
            ) : (
              <>
                <Button
                  className="min-h-7 px-2 py-0.5 text-sm"
                  disabled={!isHere || settle.isPending || reason.trim().length < 3}
                  onClick={() => say(line, { what: "waived", reason })}
                >
                  Waive<span className="sr-only"> {line.label}</span>
                </Button>
                <SelectField
                  label={`Met by, for ${line.label}`}
                  value={line.metByStudyId ?? ""}
                  disabled={!isHere || settle.isPending}
                  onChange={(event) =>
                    say(
                      line,
                      event.target.value
                        ? { what: "met-by-study", studyId: event.target.value }
                        : { what: "open" },
                    )
                  }
                >
                  <option value="">what is found</option>
                  {one.studies.map((study) => (
                    <option key={study.studyId} value={study.studyId}>
                      {study.description ?? study.modalities.join(", ")}, {asDate(study.studyDate)}
                    </option>
                  ))}
                </SelectField>
              </>
            )}
          </li>
        ))}
      </ul>
      <AddLine read={read} one={one} onChanged={onChanged} />
      <Failed error={settle.error} />
    </Part>
  );
}
