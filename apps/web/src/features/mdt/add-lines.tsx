"use client";
import { useMutation } from "@tanstack/react-query";
import { type ChangeEvent, useId, useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { nameOf, spacedNhsNumber } from "#features/shell/patient-banner.tsx";
import { type Inputs, type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import type { Kind } from "./kinds.ts";
import { textOfFile } from "./text-of-file.ts";

type Checked = Outputs["mdt"]["checkLines"];
type Line = Checked["lines"][number];
type Basis = Inputs["mdt"]["addCases"]["basis"];

const BASES: Record<Basis, string> = {
  request: "A request",
  referral: "A referral",
  member: "A member asked",
};

const COLUMNS: Record<Kind, string> = {
  meeting: "NHS number, date of birth or surname, question, referrer, target date, pathway",
  theatre: "NHS number, date of birth or surname, operation, side, consultant",
  clinic: "NHS number, date of birth or surname, reason, referrer",
};

type LineProps = { line: Line; confirmed: string | undefined; onConfirm(patientId: string): void };

function Says({ line, confirmed, onConfirm }: LineProps) {
  if (line.outcome === "matched")
    return (
      <>
        <Badge tone="green">found</Badge> {nameOf(line.patient)}, born {asDate(line.patient.birthDate)}
        {line.elsewhere.map(({ name, startsAt }) => (
          <span key={startsAt + name} className="block text-amber">
            Also on {name}, {asMoment(startsAt)}
          </span>
        ))}
      </>
    );
  if (line.outcome === "wrong")
    return (
      <>
        <Badge tone="danger">not added</Badge> {line.says}
      </>
    );
  return (
    <div className="flex flex-col gap-1">
      <span>
        <Badge tone="amber">confirm</Badge> {line.says}
      </span>
      {line.candidates.map((one) => (
        <label key={one.patientId} className="flex items-center gap-2">
          <input
            type="radio"
            name={`line-${line.stated.line}`}
            checked={confirmed === one.patientId}
            onChange={() => onConfirm(one.patientId)}
          />
          {nameOf(one)}, born {asDate(one.birthDate)}
          {one.nhsNumber ? `, NHS ${spacedNhsNumber(one.nhsNumber)}` : ""}
        </label>
      ))}
    </div>
  );
}

/** Cases from what was pasted or from a file: each line found, or with what is wrong with it; nothing else is lost. */
export function AddLines({ meetingId, kind, onAdded }: { meetingId: string; kind: Kind; onAdded(): void }) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const id = useId();
  const [text, setText] = useState("");
  const [source, setSource] = useState<"paste" | "import">("paste");
  const [basis, setBasis] = useState<Basis>("request");
  const [basisWords, setBasisWords] = useState("");
  const [checked, setChecked] = useState<Checked | undefined>();
  const [confirmed, setConfirmed] = useState<Record<number, string>>({});
  const [wrongFile, setWrongFile] = useState<string | undefined>();
  const [added, setAdded] = useState<number | undefined>();
  const check = useMutation(
    trpc.mdt.checkLines.mutationOptions({
      onSuccess(done) {
        setChecked(done);
        setConfirmed({});
        setAdded(undefined);
      },
    }),
  );
  const add = useMutation(
    trpc.mdt.addCases.mutationOptions({
      onSuccess({ added: done, left }) {
        // What was not listed stays, with why; what was is gone from here.
        const why = new Map(left.map((one) => [one.line, one]));
        setAdded(done.length);
        setChecked(
          (was) =>
            was && {
              ...was,
              lines: was.lines.flatMap((line): Line[] => {
                const reason = why.get(line.stated.line);
                if (reason?.outcome === "wrong")
                  return [
                    { stated: line.stated, outcome: "wrong", code: "NO_SUCH_PATIENT", says: reason.says },
                  ];
                return reason
                  ? [line]
                  : line.outcome === "matched" || confirmed[line.stated.line]
                    ? []
                    : [line];
              }),
            },
        );
        onAdded();
      },
    }),
  );
  const fit = (checked?.lines ?? []).filter(
    (line) => line.outcome === "matched" || confirmed[line.stated.line],
  );
  async function read(event: ChangeEvent<HTMLInputElement>) {
    const file = event.target.files?.[0];
    if (!file) return;
    const found = await textOfFile(file);
    setWrongFile("wrong" in found ? found.wrong : undefined);
    if ("wrong" in found) return;
    setText(found.text);
    setSource("import");
    check.mutate({ meetingId, text: found.text });
  }
  const error = check.error ?? add.error;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className="font-medium">
          Paste lines from a spreadsheet or an e-mail
        </label>
        <p id={`${id}-hint`} className="text-sm text-muted">
          One patient a line: {COLUMNS[kind]}. A first line with names of columns is read as such. With tabs,
          commas or semicolons between.
        </p>
        <textarea
          id={id}
          aria-describedby={`${id}-hint`}
          rows={6}
          className="w-full rounded border border-field bg-panel px-2.5 py-1 font-mono text-sm text-ink"
          value={text}
          disabled={!isHere}
          onChange={(event) => {
            setText(event.target.value);
            setSource("paste");
          }}
        />
      </div>
      <div className="flex flex-wrap items-end gap-3">
        <Button
          disabled={!isHere || text.trim() === "" || check.isPending}
          onClick={() => check.mutate({ meetingId, text })}
        >
          {check.isPending ? "Looking …" : "Check these lines"}
        </Button>
        <label className="flex flex-col text-sm text-muted">
          Or a file (CSV, Excel)
          <input
            type="file"
            accept=".csv,.txt,.tsv,.xlsx"
            disabled={!isHere}
            onChange={(event) => void read(event)}
          />
        </label>
      </div>
      {wrongFile ? (
        <Notice tone="danger" title="That file can't be read">
          {wrongFile}
        </Notice>
      ) : null}
      <Failed title="That didn't work; your lines are still here" error={error} />
      {added !== undefined ? (
        <Notice
          tone={checked && checked.lines.length > 0 ? "amber" : "green"}
          title={`${added} ${added === 1 ? "case" : "cases"} added`}
        >
          {checked && checked.lines.length > 0
            ? `${checked.lines.length} lines below were not, with why.`
            : undefined}
        </Notice>
      ) : null}
      {checked && checked.lines.length > 0 ? (
        <>
          {checked.isCut ? (
            <Notice tone="amber" title="Only the first 200 lines were read">
              Add these, then paste the others.
            </Notice>
          ) : null}
          <table className="w-full">
            <caption className="sr-only">Lines and who they mean</caption>
            <thead>
              <tr className="text-left text-sm text-muted">
                <th scope="col" className="px-2 py-1">
                  Line
                </th>
                <th scope="col" className="px-2 py-1">
                  NHS number
                </th>
                <th scope="col" className="px-2 py-1">
                  Who
                </th>
                <th scope="col" className="px-2 py-1">
                  {kind === "theatre" ? "Operation and side" : "Question"}
                </th>
              </tr>
            </thead>
            <tbody>
              {checked.lines.map((line) => (
                <tr key={line.stated.line} className="border-t border-line align-top">
                  <th scope="row" className="px-2 py-1 text-left">
                    {line.stated.line}
                  </th>
                  <td className="px-2 py-1">{line.stated.nhsNumber || "none"}</td>
                  <td className="px-2 py-1">
                    <Says
                      line={line}
                      confirmed={confirmed[line.stated.line]}
                      onConfirm={(patientId) => setConfirmed({ ...confirmed, [line.stated.line]: patientId })}
                    />
                  </td>
                  <td className="px-2 py-1">
                    {kind === "theatre"
                      ? [line.stated.procedure, line.stated.side].filter(Boolean).join(", ")
                      : line.stated.question}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <div className="grid gap-3 sm:grid-cols-3 sm:items-end">
            <SelectField
              label="Basis for listing them"
              value={basis}
              onChange={(event) =>
                setBasis(
                  event.target.value === "referral" || event.target.value === "member"
                    ? event.target.value
                    : "request",
                )
              }
            >
              {Object.entries(BASES).map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </SelectField>
            <TextField
              label="Who asked"
              hint="Left empty: each line's referrer."
              maxLength={200}
              value={basisWords}
              onChange={(event) => setBasisWords(event.target.value)}
            />
            <Button
              tone="main"
              disabled={fit.length === 0 || add.isPending}
              onClick={() =>
                add.mutate({
                  ...{ meetingId, source, basis, basisWords },
                  lines: fit.map(({ stated }) => ({
                    ...stated,
                    confirmedPatientId: confirmed[stated.line] ?? null,
                  })),
                })
              }
            >
              {add.isPending ? "Adding …" : `Add ${fit.length} ${fit.length === 1 ? "case" : "cases"}`}
            </Button>
          </div>
        </>
      ) : null}
    </div>
  );
}
