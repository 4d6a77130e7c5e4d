"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { ChoiceField, TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Stated = Outputs["links"]["listRules"];
type Rule = Stated["rules"][number]["rule"];

const KINDS = [
  ["at-once", "At once"],
  ["after-days", "After some days"],
  ["after-told", "After the patient was told"],
] as const;
const ALL_OTHERS = "All other studies";
const MODALITIES = ["", "CR", "DX", "CT", "MR", "US", "MG", "NM", "PT", "XA", "RF"];
const STUDIES = MODALITIES.map((one) => [one, one || ALL_OTHERS] as const);
const REVIEW_AGES = [10, 11, 12, 13].map((age) => [age, `${age} years`] as const);

function ruleWords(rule: Rule): string {
  if (rule.kind === "after-days") return `${rule.days} days after the report is final`;
  return rule.kind === "at-once" ? "at once" : "after the patient was marked as told";
}

function RuleForm({ onDone }: { onDone(): void }) {
  const trpc = useTRPC();
  const [modality, setModality] = useState("");
  const [kind, setKind] = useState<Rule["kind"]>("after-told");
  const [days, setDays] = useState("14");
  const set = useMutation(trpc.links.setRule.mutationOptions({ onSuccess: onDone }));
  function submit(event: FormEvent) {
    event.preventDefault();
    set.mutate({ modality, rule: kind === "after-days" ? { kind, days: Number(days) } : { kind } });
  }
  return (
    <form onSubmit={submit} aria-label="State a rule" className="grid items-end gap-3 sm:grid-cols-4">
      <ChoiceField label="For" value={modality} choices={STUDIES} onChoose={setModality} />
      <ChoiceField label="Patients may see them" value={kind} choices={KINDS} onChoose={setKind} />
      <TextField
        label="Days"
        inputMode="numeric"
        value={days}
        disabled={kind !== "after-days"}
        onChange={(event) => setDays(event.target.value.replace(/\D/g, "").slice(0, 2))}
      />
      <Button type="submit" tone="main" disabled={set.isPending}>
        State this rule
      </Button>
      <Failed title="It wasn't stated" error={set.error} />
    </form>
  );
}

function Rules({ rules, onDone }: { rules: Stated["rules"]; onDone(): void }) {
  const trpc = useTRPC();
  const end = useMutation(trpc.links.setRule.mutationOptions({ onSuccess: onDone }));
  if (rules.length === 0)
    return (
      <Notice tone="amber" title="Your trust has no rule">
        What has no rule is held: no link goes out.
      </Notice>
    );
  return (
    <>
      <ul aria-label="Rules">
        {rules.map(({ modality, rule, madeAt }) => (
          <li key={modality} className="flex flex-wrap items-center gap-2 py-1">
            <span>
              <strong>{modality || ALL_OTHERS}</strong>: {ruleWords(rule)}, since {asDate(madeAt)}
            </span>
            <Button disabled={end.isPending} onClick={() => end.mutate({ modality, rule: null })}>
              End this rule<span className="sr-only"> for {modality || ALL_OTHERS.toLowerCase()}</span>
            </Button>
          </li>
        ))}
      </ul>
      <Failed title="It wasn't ended" error={end.error} />
    </>
  );
}

const FIELDS = [
  ["helpName", "Who explains images to patients, and by when", 120],
  ["helpPhone", "Telephone for questions", 40],
  ["helpHours", "Its hours", 120],
] as const;

/** What stands under every picture that a patient sees. */
function Settings({ first }: { first: Stated["settings"] }) {
  const trpc = useTRPC();
  const [settings, setSettings] = useState(first);
  const save = useMutation(trpc.links.setSettings.mutationOptions());
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(settings);
  }
  return (
    <form onSubmit={submit} aria-label="What patients read" className="grid max-w-3xl gap-3">
      {FIELDS.map(([key, label, maxLength]) => (
        <TextField
          key={key}
          {...{ label, maxLength }}
          value={settings[key]}
          onChange={(event) => setSettings({ ...settings, [key]: event.target.value })}
        />
      ))}
      <ChoiceField
        label="A parent's access is looked at again at"
        value={settings.reviewAge}
        choices={REVIEW_AGES}
        onChoose={(reviewAge) => setSettings({ ...settings, reviewAge })}
      />
      <Button type="submit" className="w-fit" disabled={save.isPending}>
        Keep this
      </Button>
      {save.data ? <p role="status">Kept.</p> : null}
      <Failed title="It wasn't kept" error={save.error} />
    </form>
  );
}

/** When patients of one's own trust may see what, and what they read beside it. */
export function ReleaseRules({ first }: { first: Stated }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const list = useQuery(trpc.links.listRules.queryOptions({}, { initialData: first }));
  const again = () => void queries.invalidateQueries({ queryKey: trpc.links.listRules.queryKey() });
  return (
    <>
      <Panel className="flex flex-col gap-4 px-4 py-4">
        <h2>When patients may see their images and reports</h2>
        <Rules rules={list.data.rules} onDone={again} />
        <RuleForm onDone={again} />
        <p className="text-sm text-muted">
          Whatever the rule: an alert, a cancer pathway, missing images or “call me first” hold a study until
          somebody has told the patient. Nothing under safeguarding goes out by a link.
        </p>
      </Panel>
      <Panel className="flex flex-col gap-4 px-4 py-4">
        <h2>Under every picture that a patient sees</h2>
        <Settings first={first.settings} />
      </Panel>
    </>
  );
}
