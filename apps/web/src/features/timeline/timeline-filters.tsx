"use client";
import { SelectField } from "#features/shell/field.tsx";
import { MODALITIES } from "#features/worklist/filter-bar.tsx";
import type { Choices, Chosen } from "./shown-rows.ts";

type Props = { choices: Choices; chosen: Chosen; onChoose(chosen: Chosen): void };

export function TimelineFilters({ choices, chosen, onChoose }: Props) {
  return (
    <search aria-label="Filter the timeline" className="flex flex-wrap items-end gap-3">
      <SelectField
        label="Modality"
        value={chosen.modality}
        onChange={(event) => onChoose({ ...chosen, modality: event.target.value })}
      >
        <option value="">All</option>
        {choices.modalities.map((code) => (
          <option key={code} value={code}>
            {MODALITIES[code] ?? code}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Part of the body"
        value={chosen.region}
        onChange={(event) => onChoose({ ...chosen, region: event.target.value })}
      >
        <option value="">All</option>
        {choices.regions.map((region) => (
          <option key={region} value={region}>
            {region}
          </option>
        ))}
      </SelectField>
    </search>
  );
}
