"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { type Inputs, type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";

import { KIND_NAMES, KINDS, kindFrom } from "./kinds.ts";
import { lineFrom } from "./line-from.ts";

type Series = Outputs["mdt"]["listSeries"][number];
type Fields = Inputs["mdt"]["beginSeries"];

export const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const textOf = ({ label, maxAgeDays }: Series["template"][number]) =>
  `${label}${maxAgeDays ? ` <= ${maxAgeDays} days` : ""}`;
const wordsOf = (text: string) =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);

const EMPTY = {
  kind: "meeting",
  name: "",
  specialty: "",
  weekday: "4",
  everyWeeks: "1",
  localTime: "13:30",
  durationMinutes: "90",
  firstOn: "",
  lastOn: "",
  rooms: "",
  sites: "",
  cutOffHours: "48",
  visibleHours: "24",
  template: "",
};
type Said = typeof EMPTY;

const saidOf = (series: Series | undefined): Said =>
  series
    ? {
        kind: series.kind,
        name: series.name,
        specialty: series.specialty,
        weekday: String(series.weekday),
        everyWeeks: String(series.everyWeeks),
        localTime: series.localTime,
        durationMinutes: String(series.durationMinutes),
        firstOn: series.firstOn,
        lastOn: series.lastOn ?? "",
        rooms: series.rooms.join(", "),
        sites: series.sites.join(", "),
        cutOffHours: String(series.cutOffHours),
        visibleHours: String(series.visibleHours),
        template: series.template.map(textOf).join("\n"),
      }
    : EMPTY;

const fieldsOf = (said: Said, series: Series | undefined): Fields => ({
  kind: kindFrom(said.kind),
  name: said.name,
  specialty: said.specialty,
  weekday: Number(said.weekday),
  everyWeeks: Number(said.everyWeeks),
  localTime: said.localTime,
  durationMinutes: Number(said.durationMinutes),
  firstOn: said.firstOn,
  ...(said.lastOn ? { lastOn: said.lastOn } : {}),
  rooms: wordsOf(said.rooms),
  sites: wordsOf(said.sites),
  cutOffHours: Number(said.cutOffHours),
  visibleHours: Number(said.visibleHours),
  quorum: series?.quorum ?? [],
  template: said.template
    .split("\n")
    .filter((line) => line.trim())
    .map(lineFrom),
});

/** A series as it is begun or changed. Times are the wall clock's where it is held. */
export function SeriesForm({ series, onKept }: { series?: Series; onKept(): void }) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [said, setSaid] = useState(saidOf(series));
  const kept = () => {
    if (!series) setSaid(EMPTY);
    onKept();
  };
  const begin = useMutation(trpc.mdt.beginSeries.mutationOptions({ onSuccess: kept }));
  const edit = useMutation(trpc.mdt.editSeries.mutationOptions({ onSuccess: kept }));
  const error = begin.error ?? edit.error;
  function submit(event: FormEvent) {
    event.preventDefault();
    const fields = fieldsOf(said, series);
    if (series) edit.mutate({ seriesId: series.id, version: series.version, fields });
    else begin.mutate(fields);
  }
  const field = (
    name: keyof Said,
    label: string,
    more: { type?: string; hint?: string; required?: boolean } = {},
  ) => (
    <TextField
      label={label}
      value={said[name]}
      disabled={!isHere}
      onChange={(event) => setSaid({ ...said, [name]: event.target.value })}
      {...more}
    />
  );
  const templateId = `template-${series?.id ?? "new"}`;
  return (
    <form
      onSubmit={submit}
      aria-label={series ? `Change ${series.name}` : "Begin a series"}
      className="flex flex-col gap-3"
    >
      <div className="grid gap-3 sm:grid-cols-3">
        <SelectField
          label="What it is"
          value={said.kind}
          // What its cases need would change under those that are listed.
          disabled={!isHere || series !== undefined}
          onChange={(event) => setSaid({ ...said, kind: event.target.value })}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {KIND_NAMES[kind]}
            </option>
          ))}
        </SelectField>
        {field("name", "Name", { required: true })}
        {field("specialty", "Specialty", { required: true })}
        <SelectField
          label="Weekday"
          value={said.weekday}
          disabled={!isHere}
          onChange={(event) => setSaid({ ...said, weekday: event.target.value })}
        >
          {WEEKDAYS.map((day, at) => (
            <option key={day} value={at + 1}>
              {day}
            </option>
          ))}
        </SelectField>
        {field("localTime", "Begins at", { type: "time", required: true })}
        {field("durationMinutes", "Minutes", { type: "number", required: true })}
        {field("everyWeeks", "Every so many weeks", { type: "number", required: true })}
        {field("firstOn", "From", { type: "date", required: true })}
        {field("lastOn", "Until, if it ends", { type: "date" })}
        {field("cutOffHours", "List closes, hours before", { type: "number", required: true })}
        {field("visibleHours", "Members see cases, hours after", { type: "number", required: true })}
        {field("rooms", "Rooms", { hint: "Several with commas." })}
        {field("sites", "Sites", { hint: "Several with commas." })}
      </div>
      <div className="flex flex-col gap-1">
        <label htmlFor={templateId} className="text-[0.8125rem] font-medium text-muted">
          What each case needs, one a line: CT chest &lt;= 28 days
        </label>
        <textarea
          id={templateId}
          rows={3}
          maxLength={2000}
          className="w-full rounded border border-field bg-panel px-2.5 py-1 text-ink"
          value={said.template}
          disabled={!isHere}
          onChange={(event) => setSaid({ ...said, template: event.target.value })}
        />
      </div>
      <Button
        type="submit"
        tone="main"
        className="w-fit"
        disabled={!isHere || begin.isPending || edit.isPending}
      >
        {series ? "Keep these changes" : "Begin this series"}
      </Button>
      <Failed title="It was not kept" error={error} />
    </form>
  );
}
