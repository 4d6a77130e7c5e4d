"use client";
import { useQuery } from "@tanstack/react-query";
import { errorText } from "#features/shell/error-text.ts";
import { SelectField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import type { Draft, Level } from "./asked.ts";

type Opened = Outputs["study"]["open"];
type Props = { opened: Opened; draft: Draft; onChange(change: Partial<Draft>): void };

const LEVELS: { level: Level; name: string }[] = [
  { level: "study", name: "The whole study" },
  { level: "series", name: "Some of its series" },
  { level: "instance", name: "Some images of one series" },
];

export const nameOfSeries = ({ modality, number, description, instanceCount }: Opened["series"][number]) =>
  [
    modality,
    number === undefined ? "" : `series ${number}`,
    description,
    instanceCount === 1 ? "1 image" : `${instanceCount} images`,
  ]
    .filter(Boolean)
    .join(" · ");

function Choice({
  ids,
  options,
  onChange,
}: {
  ids: readonly string[];
  options: { id: string; name: string }[];
  onChange(ids: string[]): void;
}) {
  return (
    <ul className="flex max-h-72 flex-col gap-1 overflow-y-auto rounded border border-line p-3">
      {options.map(({ id, name }) => (
        <li key={id}>
          <label className="flex items-center gap-2">
            <input
              type="checkbox"
              className="size-4"
              checked={ids.includes(id)}
              onChange={(event) =>
                onChange(event.target.checked ? [...ids, id] : ids.filter((one) => one !== id))
              }
            />
            {name}
          </label>
        </li>
      ))}
    </ul>
  );
}

function Images({ opened, seriesId, draft, onChange }: Props & { seriesId: string }) {
  const trpc = useTRPC();
  const page = useQuery(
    trpc.study.readSeries.queryOptions({ seriesId, servedVersion: opened.servedVersion }),
  );
  if (page.error)
    return (
      <Notice tone="danger" title="The images can't be listed">
        {errorText(page.error)}
      </Notice>
    );
  if (!page.data) return <p role="status">Loading …</p>;
  const options = page.data.instances.map(({ instanceId, instanceNumber }, index) => ({
    id: instanceId,
    name:
      instanceNumber === undefined ? `Image without a number, the ${index + 1}.` : `Image ${instanceNumber}`,
  }));
  return (
    <>
      <Choice ids={draft.ids} options={options} onChange={(ids) => onChange({ ids })} />
      {page.data.next ? (
        <p className="text-sm text-muted">The first 250 are shown. Correct the series for more of them.</p>
      ) : null}
    </>
  );
}

/** How much of the study is wrong. */
export function Scope({
  opened,
  draft,
  onChange,
  seriesId,
  onSeries,
  isRestricted,
}: Props & { seriesId: string; onSeries(id: string): void; isRestricted: boolean }) {
  const isHere = useIsHere();
  return (
    <fieldset className="flex flex-col gap-2" disabled={!isHere}>
      <legend className="mb-1 text-lg font-semibold">How much of it?</legend>
      {LEVELS.filter(({ level }) => !isRestricted || level !== "instance").map(({ level, name }) => (
        <label key={level} className="flex items-center gap-2">
          <input
            type="radio"
            name="level"
            className="size-4"
            checked={draft.level === level}
            onChange={() => onChange({ level, ids: [] })}
          />
          {name}
        </label>
      ))}
      {draft.level === "series" ? (
        <Choice
          ids={draft.ids}
          options={opened.series.map((series) => ({ id: series.seriesId, name: nameOfSeries(series) }))}
          onChange={(ids) => onChange({ ids })}
        />
      ) : null}
      {draft.level === "instance" ? (
        <>
          <div className="max-w-xl">
            <SelectField
              label="Series"
              value={seriesId}
              onChange={(event) => {
                onSeries(event.target.value);
                onChange({ ids: [] });
              }}
            >
              {opened.series.map((series) => (
                <option key={series.seriesId} value={series.seriesId}>
                  {nameOfSeries(series)}
                </option>
              ))}
            </SelectField>
          </div>
          <Images opened={opened} seriesId={seriesId} draft={draft} onChange={onChange} />
        </>
      ) : null}
    </fieldset>
  );
}
