"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { SelectField } from "#features/shell/field.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Inputs, type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { KIND_NAMES } from "./kinds.ts";
import { SeriesForm, WEEKDAYS } from "./series-form.tsx";

type Series = Outputs["mdt"]["listSeries"][number];
type Organisations = Outputs["organisation"]["list"];
type Part = Inputs["mdt"]["nameMember"]["part"];

const PARTS: readonly Part[] = [
  "chair",
  "radiologist",
  "pathologist",
  "surgeon",
  "oncologist",
  "physician",
  "nurse",
  "coordinator",
  "other",
];

type MembersProps = { series: Series; organisations: Organisations; onChanged(): void };

function NameMember({ series, organisations, onChanged }: MembersProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [worksFor, setWorksFor] = useState(series.organisation);
  const [personId, setPersonId] = useState("");
  const [part, setPart] = useState<Part>("radiologist");
  const staff = useQuery(trpc.mdt.listStaff.queryOptions({ organisation: worksFor }));
  const name = useMutation(trpc.mdt.nameMember.mutationOptions({ onSuccess: onChanged }));
  const people = staff.data ?? [];
  const error = name.error ?? staff.error;
  return (
    <div className="grid gap-2 sm:grid-cols-4 sm:items-end">
      <SelectField
        label="Trust"
        value={worksFor}
        disabled={!isHere}
        onChange={(event) => {
          setWorksFor(event.target.value);
          setPersonId("");
        }}
      >
        {organisations.map(({ odsCode, name: trust }) => (
          <option key={odsCode} value={odsCode}>
            {trust}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Who"
        hint="Those who have signed in for this trust."
        value={personId}
        disabled={!isHere}
        onChange={(event) => setPersonId(event.target.value)}
      >
        <option value="">
          {staff.isPending ? "Loading …" : people.length === 0 ? "Nobody has signed in yet" : "Choose"}
        </option>
        {people.map((one) => (
          <option key={one.personId} value={one.personId}>
            {one.displayName}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="As"
        value={part}
        disabled={!isHere}
        onChange={(event) => setPart(PARTS.find((one) => one === event.target.value) ?? "other")}
      >
        {PARTS.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </SelectField>
      <Button
        disabled={!isHere || !personId || name.isPending}
        onClick={() => name.mutate({ seriesId: series.id, personId, worksFor, part })}
      >
        Name as member
      </Button>
      <Failed title="That didn't work" error={error} />
    </div>
  );
}

function Members({ series, organisations, onChanged }: MembersProps) {
  const trpc = useTRPC();
  const end = useMutation(trpc.mdt.endMembership.mutationOptions({ onSuccess: onChanged }));
  const trustOf = (code: string) => organisations.find(({ odsCode }) => odsCode === code)?.name ?? code;
  return (
    <div className="flex flex-col gap-2">
      <h3 className="font-semibold">Members</h3>
      {series.members.length === 0 ? (
        <p className="text-muted">Nobody yet. A published list is seen by members alone.</p>
      ) : (
        <ul aria-label={`Members of ${series.name}`} className="flex flex-col gap-1">
          {series.members.map((member) => (
            <li key={member.personId} className="flex flex-wrap items-center gap-2">
              <span>
                {member.name}, {member.part}, {trustOf(member.worksFor)}
              </span>
              <Button
                className="min-h-7 px-2 py-0.5 text-sm"
                disabled={end.isPending}
                onClick={() => end.mutate({ seriesId: series.id, personId: member.personId })}
              >
                End<span className="sr-only"> {member.name}’s membership</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Failed title="That didn't work" error={end.error} />
      <NameMember series={series} organisations={organisations} onChanged={onChanged} />
    </div>
  );
}

function SeriesItem({ series, organisations, onChanged }: MembersProps) {
  const [isEdited, setEdited] = useState(false);
  return (
    <Panel className="flex flex-col gap-3 px-4 py-4">
      <h2>{series.name}</h2>
      <p>
        {KIND_NAMES[series.kind]}, {series.specialty}. {WEEKDAYS[series.weekday - 1]}
        {series.everyWeeks > 1 ? `, each ${series.everyWeeks} weeks` : ""} at {series.localTime} (
        {series.zone}), {series.durationMinutes} minutes. The list closes {series.cutOffHours} hours before.
      </p>
      {series.template.length > 0 ? (
        <p className="text-muted">Each case needs: {series.template.map(({ label }) => label).join(", ")}.</p>
      ) : null}
      <Button className="w-fit" aria-expanded={isEdited} onClick={() => setEdited(!isEdited)}>
        {isEdited ? "Leave it as it is" : "Change"}
      </Button>
      {isEdited ? (
        <SeriesForm
          series={series}
          onKept={() => {
            setEdited(false);
            onChanged();
          }}
        />
      ) : null}
      <Members series={series} organisations={organisations} onChanged={onChanged} />
    </Panel>
  );
}

/** One's series: begun, changed, with their members. */
export function SeriesList({ first, organisations }: { first: Series[]; organisations: Organisations }) {
  const trpc = useTRPC();
  const list = useQuery({ ...trpc.mdt.listSeries.queryOptions({}), initialData: first });
  const changed = () => void list.refetch();
  return (
    <>
      <Failed title="These series may be behind" error={list.error} />
      {list.data.length === 0 ? (
        <p className="rounded border border-line bg-panel px-4 py-6 text-center text-muted">
          No series yet. Begin one below.
        </p>
      ) : null}
      {list.data.map((series) => (
        <SeriesItem key={series.id} series={series} organisations={organisations} onChanged={changed} />
      ))}
      <Panel className="px-4 py-4">
        <h2>Begin a series</h2>
        <SeriesForm onKept={changed} />
      </Panel>
    </>
  );
}
