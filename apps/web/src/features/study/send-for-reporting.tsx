"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Props = { studyId: string; organisations: Outputs["organisation"]["list"] };

/** One study, to one reporter of an organisation outside, for two weeks: they open nothing else of the patient. */
export function SendForReporting({ studyId, organisations }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [personId, setPersonId] = useState("");
  const [organisation, setOrganisation] = useState("");
  const sent = useQuery(trpc.study.listSent.queryOptions({ studyId }));
  const again = async () => {
    setPersonId("");
    await queries.invalidateQueries({ queryKey: trpc.study.listSent.queryKey() });
  };
  const send = useMutation(trpc.study.sendForReporting.mutationOptions({ onSuccess: again }));
  const end = useMutation(trpc.study.endSent.mutationOptions({ onSuccess: again }));
  const nameOf = (odsCode: string) => organisations.find((one) => one.odsCode === odsCode)?.name ?? odsCode;
  function submit(event: FormEvent) {
    event.preventDefault();
    send.mutate({ studyId, personId, organisation });
  }
  const error = sent.error ?? send.error ?? end.error;
  return (
    <Panel className="flex flex-col gap-3 px-4 py-4">
      <h2>Send it out to be reported</h2>
      <p>They open this study, and nothing else of the patient, for 14 days.</p>
      {sent.isPending ? <p role="status">Loading …</p> : null}
      <ul className="flex flex-col gap-2">
        {sent.data?.map((one) => (
          <li key={one.assignmentId} className="flex flex-wrap items-center gap-3">
            <span>
              {one.personId}, {nameOf(one.organisation)}, until {asDate(one.endsAt)}
            </span>
            <Button
              disabled={end.isPending}
              onClick={() => end.mutate({ studyId, assignmentId: one.assignmentId })}
            >
              Take it back
            </Button>
          </li>
        ))}
      </ul>
      <form
        onSubmit={submit}
        aria-label="Send it out to be reported"
        className="grid items-end gap-3 sm:grid-cols-3"
      >
        <TextField
          label="Their CIS2 user id"
          value={personId}
          maxLength={64}
          onChange={(event) => setPersonId(event.target.value)}
        />
        <SelectField
          label="Organisation"
          value={organisation}
          onChange={(event) => setOrganisation(event.target.value)}
        >
          <option value="">Choose</option>
          {organisations
            .filter(({ part }) => part === "partner")
            .map(({ odsCode, name }) => (
              <option key={odsCode} value={odsCode}>
                {name}
              </option>
            ))}
        </SelectField>
        <Button
          type="submit"
          className="w-fit"
          disabled={!personId.trim() || !organisation || send.isPending}
        >
          Send it
        </Button>
      </form>
      <Failed title="That didn't work" error={error} />
    </Panel>
  );
}
