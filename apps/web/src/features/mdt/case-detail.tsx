"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { type Inputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { AskFor, Asks } from "./asks.tsx";
import { CaseFields } from "./case-fields.tsx";
import { Failed, Part } from "./case-parts.tsx";
import { type CaseProps, caseName } from "./case-props.ts";
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

const PART_NAMES = { current: "Current", prior: "Prior", removed: "No part of it" } as const;
type StudyPart = keyof typeof PART_NAMES;

function Studies({ read, one, onChanged }: CaseProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const decide = useMutation(trpc.mdt.decideStudy.mutationOptions({ onSuccess: onChanged }));
  return (
    <Part title="Images">
      {one.studies.length === 0 ? (
        <p className="text-muted">The region holds none that you may see.</p>
      ) : null}
      <ul className="flex flex-col gap-1">
        {one.studies.map((study) => (
          <li key={study.studyId} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <strong className="w-28">{PART_NAMES[study.part].toUpperCase()}</strong>
            <Link
              href={`/studies/${study.studyId}`}
              prefetch={false}
              className="underline underline-offset-2"
            >
              {study.description ?? (study.modalities.join(", ") || "Study")}, {asDate(study.studyDate)}
            </Link>
            <span className="text-muted">
              {read.trusts[study.custodian] ?? study.custodian} · {study.completeness.text} ·{" "}
              {study.reportState.replace("-", " ")}
              {study.reason ? ` · ${study.reason}` : ""}
            </span>
            {study.sideWarning ? <span className="text-amber">{study.sideWarning}</span> : null}
            {read.mayList
              ? (["current", "prior", "removed"] as const)
                  .filter((part: StudyPart) => part !== study.part)
                  .map((part) => (
                    <Button
                      key={part}
                      className="min-h-7 px-2 py-0.5 text-sm"
                      disabled={!isHere || decide.isPending}
                      onClick={() => decide.mutate({ caseId: one.id, studyId: study.studyId, part })}
                    >
                      {PART_NAMES[part]}
                    </Button>
                  ))
              : null}
          </li>
        ))}
      </ul>
      {one.expected.length > 0 ? (
        <ul aria-label="Expected" className="text-muted">
          {one.expected.map((coming) => (
            <li key={coming.requestId}>
              {coming.procedure}, {coming.state}
              {coming.scheduledAt ? ` for ${asDate(coming.scheduledAt)}` : ""},{" "}
              {read.trusts[coming.custodian] ?? coming.custodian}
            </li>
          ))}
        </ul>
      ) : null}
      <Failed error={decide.error} />
    </Part>
  );
}

type Said = Inputs["mdt"]["settleLine"]["said"];

function Lines({ read, one, onChanged }: CaseProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [reason, setReason] = useState("");
  const settle = useMutation(
    trpc.mdt.settleLine.mutationOptions({ onSuccess: onChanged, onError: onChanged }),
  );
  if (one.requirements.length === 0 || !read.mayList) return null;
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
      <Failed error={settle.error} />
    </Part>
  );
}

const today = () => new Date().toISOString().slice(0, 10);
type PathologyState = Inputs["mdt"]["notePathology"]["state"];

function Pathology({ one, onChanged }: CaseProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [state, setState] = useState<PathologyState>("noted");
  const [words, setWords] = useState("");
  const [source, setSource] = useState("");
  const note = useMutation(
    trpc.mdt.notePathology.mutationOptions({
      onSuccess() {
        setWords("");
        onChanged();
      },
    }),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    note.mutate({ caseId: one.id, state, words, source });
  }
  return (
    <Part title="Pathology">
      <form
        onSubmit={submit}
        aria-label={`Pathology of ${caseName(one)}`}
        className="grid gap-2 sm:grid-cols-4 sm:items-end"
      >
        <SelectField
          label="It is"
          value={state}
          disabled={!isHere}
          onChange={(event) =>
            setState(
              event.target.value === "awaited" || event.target.value === "not-needed"
                ? event.target.value
                : "noted",
            )
          }
        >
          <option value="noted">noted</option>
          <option value="awaited">awaited</option>
          <option value="not-needed">not needed</option>
        </SelectField>
        <TextField
          label="In words"
          value={words}
          maxLength={1000}
          disabled={!isHere}
          onChange={(event) => setWords(event.target.value)}
        />
        <TextField
          label="Known from"
          value={source}
          maxLength={200}
          disabled={!isHere}
          onChange={(event) => setSource(event.target.value)}
        />
        <Button
          type="submit"
          disabled={!isHere || note.isPending || words.trim().length < 2 || source.trim().length < 2}
        >
          Note it
        </Button>
      </form>
      <Failed error={note.error} />
    </Part>
  );
}

const OUTSIDE = { heldBy: "", what: "", askedOf: "" };

function Outside({ read, one, onChanged }: CaseProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [said, setSaid] = useState(OUTSIDE);
  const note = useMutation(
    trpc.mdt.noteOutside.mutationOptions({
      onSuccess() {
        setSaid(OUTSIDE);
        onChanged();
      },
    }),
  );
  const change = useMutation(
    trpc.mdt.changeOutsideLine.mutationOptions({ onSuccess: onChanged, onError: onChanged }),
  );
  const field = (name: keyof typeof OUTSIDE, label: string) => (
    <TextField
      label={label}
      value={said[name]}
      maxLength={120}
      disabled={!isHere}
      onChange={(event) => setSaid({ ...said, [name]: event.target.value })}
    />
  );
  const isWhole = Object.values(said).every((text) => text.trim().length > 1);
  return (
    <Part title="Held by another organisation">
      <ul className="flex flex-col gap-1">
        {one.outside.map((line) => (
          <li key={line.id} className="flex flex-wrap items-center gap-2">
            <span>
              {line.what} at {line.heldBy}: asked of {line.askedOf}, since {asDate(line.askedOn)} (
              {line.state.replace("-", " ")})
            </span>
            {read.mayList
              ? (["promised", "arrived", "not-available"] as const)
                  .filter((state) => state !== line.state)
                  .map((state) => (
                    <Button
                      key={state}
                      className="min-h-7 px-2 py-0.5 text-sm"
                      disabled={!isHere || change.isPending}
                      onClick={() =>
                        change.mutate({
                          caseId: one.id,
                          outsideId: line.id,
                          version: line.version,
                          state,
                          said: line.said,
                        })
                      }
                    >
                      {state.replace("-", " ")}
                    </Button>
                  ))
              : null}
          </li>
        ))}
      </ul>
      {read.mayList ? (
        <form
          aria-label={`Held elsewhere of ${caseName(one)}`}
          className="grid gap-2 sm:grid-cols-4 sm:items-end"
          onSubmit={(event) => {
            event.preventDefault();
            note.mutate({ caseId: one.id, ...said, askedOn: today() });
          }}
        >
          {field("what", "What")}
          {field("heldBy", "Held by")}
          {field("askedOf", "Asked of")}
          <Button type="submit" disabled={!isHere || note.isPending || !isWhole}>
            Note it
          </Button>
        </form>
      ) : null}
      <Failed error={note.error ?? change.error} />
    </Part>
  );
}

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
