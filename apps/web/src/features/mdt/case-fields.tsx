"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { errorText } from "#features/shell/error-text.ts";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { type Inputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { type CaseProps, caseName } from "./case-props.ts";
import { SIDES, sideFrom } from "./kinds.ts";

type Change = Inputs["mdt"]["editCase"];
type Group = Change["group"];

/**
 * What somebody types into one group of fields, beside what stands. While they type, another's change is shown and never taken
 * over: they see both, and say which shall stand.
 */
function useDraft<T extends Record<string, string>>(one: CaseProps["one"], group: Group, stands: T) {
  const [draft, setDraft] = useState<{ fields: T; version: number } | undefined>();
  const fields = draft?.fields ?? stands;
  return {
    fields,
    version: draft?.version ?? one.versions[group],
    isDirty: draft !== undefined,
    isBehind: draft !== undefined && draft.version !== one.versions[group],
    type: (name: keyof T, text: string) =>
      setDraft({ fields: { ...fields, [name]: text }, version: draft?.version ?? one.versions[group] }),
    /** Theirs was seen: what is kept next takes its place. */
    takeMine: () => draft && setDraft({ ...draft, version: one.versions[group] }),
    drop: () => setDraft(undefined),
  };
}

type FormProps = CaseProps & {
  title: string;
  draft: Pick<ReturnType<typeof useDraft>, "version" | "isDirty" | "isBehind" | "takeMine" | "drop">;
  theirs: string;
  changeOf(version: number): Change;
  children: ReactNode;
};

function GroupForm({ one, title, draft, theirs, changeOf, onChanged, children }: FormProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const edit = useMutation(
    trpc.mdt.editCase.mutationOptions({
      onSuccess: draft.drop,
      // What was typed stays; what stands is loaded beside it.
      onSettled: onChanged,
    }),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    edit.mutate(changeOf(draft.version));
  }
  return (
    <form onSubmit={submit} aria-label={`${title} of ${caseName(one)}`} className="flex flex-col gap-2">
      {children}
      {draft.isBehind ? (
        <Notice tone="amber" title="Somebody else changed this while you typed">
          <p>Now it says: “{theirs || "nothing"}”. Yours stands in the field and isn’t kept yet.</p>
          <div className="mt-2 flex gap-2">
            <Button onClick={draft.takeMine}>Mine shall stand</Button>
            <Button onClick={draft.drop}>Leave theirs</Button>
          </div>
        </Notice>
      ) : null}
      {edit.error && !draft.isBehind ? (
        <Notice tone="danger" title="That was not kept">
          {errorText(edit.error)}
        </Notice>
      ) : null}
      {draft.isDirty ? (
        <Button
          type="submit"
          tone="main"
          className="w-fit"
          disabled={!isHere || edit.isPending || draft.isBehind}
        >
          Keep {title.toLowerCase()}
        </Button>
      ) : null}
    </form>
  );
}

function Question(props: CaseProps) {
  const { one } = props;
  const id = useId();
  const isHere = useIsHere();
  const draft = useDraft(one, "question", { question: one.question });
  return (
    <GroupForm
      {...props}
      title="Question"
      draft={draft}
      theirs={one.question}
      changeOf={(version) => ({
        caseId: one.id,
        group: "question",
        version,
        fields: { question: draft.fields.question },
      })}
    >
      <label htmlFor={id} className="font-semibold">
        Question
      </label>
      <textarea
        id={id}
        rows={2}
        maxLength={2000}
        disabled={!isHere}
        className="w-full rounded border border-field bg-panel px-2.5 py-1 text-ink"
        value={draft.fields.question}
        onChange={(event) => draft.type("question", event.target.value)}
      />
    </GroupForm>
  );
}

function Details(props: CaseProps) {
  const { one } = props;
  const isHere = useIsHere();
  const draft = useDraft(one, "details", {
    referrer: one.referrer,
    targetDate: one.targetDate ?? "",
    pathway: one.pathway,
  });
  const field = (name: "referrer" | "targetDate" | "pathway", label: string, type = "text") => (
    <TextField
      label={label}
      type={type}
      maxLength={200}
      disabled={!isHere}
      value={draft.fields[name]}
      onChange={(event) => draft.type(name, event.target.value)}
    />
  );
  return (
    <GroupForm
      {...props}
      title="Details"
      draft={draft}
      theirs={[one.referrer, one.targetDate, one.pathway].filter(Boolean).join(", ")}
      changeOf={(version) => {
        const { referrer, targetDate, pathway } = draft.fields;
        return {
          caseId: one.id,
          group: "details",
          version,
          fields: { referrer, pathway, targetDate: targetDate || null },
        };
      }}
    >
      <div className="grid gap-2 sm:grid-cols-3">
        {field("referrer", "Referrer")}
        {field("targetDate", "Target date", "date")}
        {field("pathway", "Pathway")}
      </div>
    </GroupForm>
  );
}

function People(props: CaseProps) {
  const { one, read } = props;
  const isHere = useIsHere();
  const draft = useDraft(one, "people", {
    presenterId: one.presenterId ?? "",
    radiologistId: one.radiologistId ?? "",
    site: one.site,
  });
  const choice = (name: "presenterId" | "radiologistId", label: string) => (
    <SelectField
      label={label}
      disabled={!isHere}
      value={draft.fields[name]}
      onChange={(event) => draft.type(name, event.target.value)}
    >
      <option value="">nobody yet</option>
      {read.members.map((member) => (
        <option key={member.personId} value={member.personId}>
          {member.name} ({member.part})
        </option>
      ))}
    </SelectField>
  );
  const nameOf = (id: string | undefined) => (id ? (read.people[id] ?? id) : "nobody");
  return (
    <GroupForm
      {...props}
      title="People"
      draft={draft}
      theirs={`presented by ${nameOf(one.presenterId)}, prepared by ${nameOf(one.radiologistId)}, ${one.site}`}
      changeOf={(version) => {
        const { presenterId, radiologistId, site } = draft.fields;
        return {
          ...{ caseId: one.id, group: "people", version },
          fields: { site, presenterId: presenterId || null, radiologistId: radiologistId || null },
        };
      }}
    >
      <div className="grid gap-2 sm:grid-cols-3">
        {choice("presenterId", "Presented by")}
        {choice("radiologistId", "Prepared by")}
        <TextField
          label="Site"
          maxLength={80}
          disabled={!isHere}
          value={draft.fields.site}
          onChange={(event) => draft.type("site", event.target.value)}
        />
      </div>
    </GroupForm>
  );
}

/** Of a theatre list: what is to be done, and on which side. */
function Operation(props: CaseProps) {
  const { one } = props;
  const isHere = useIsHere();
  const draft = useDraft(one, "details", { procedure: one.procedure, side: one.side ?? "" });
  const { referrer, pathway, targetDate } = one;
  return (
    <GroupForm
      {...props}
      title="Operation"
      draft={draft}
      theirs={[one.procedure, one.side ? SIDES[one.side] : ""].filter(Boolean).join(", ")}
      changeOf={(version) => {
        const { procedure, side } = draft.fields;
        return {
          ...{ caseId: one.id, group: "details", version },
          fields: { referrer, pathway, targetDate: targetDate ?? null, procedure, side: sideFrom(side) },
        };
      }}
    >
      <div className="grid gap-2 sm:grid-cols-2">
        <TextField
          label="Operation"
          maxLength={200}
          disabled={!isHere}
          value={draft.fields.procedure}
          onChange={(event) => draft.type("procedure", event.target.value)}
        />
        <SelectField
          label="Side"
          disabled={!isHere}
          value={draft.fields.side}
          onChange={(event) => draft.type("side", event.target.value)}
        >
          <option value="">not written</option>
          {Object.entries(SIDES).map(([side, name]) => (
            <option key={side} value={side}>
              {name}
            </option>
          ))}
        </SelectField>
      </div>
    </GroupForm>
  );
}

/** What a coordinator writes of a case, in groups that two people can change at once. */
export const CaseFields = (props: CaseProps) => (
  <div className="flex flex-col gap-3">
    {props.read.meeting.kind === "theatre" ? <Operation {...props} /> : <Question {...props} />}
    <Details {...props} />
    <People {...props} />
  </div>
);
