"use client";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Button } from "#features/shell/button.tsx";
import { SelectField, TextField } from "#features/shell/field.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";
import { type Filters, writeFilters } from "./filters.ts";

export const MODALITIES: Record<string, string> = {
  CR: "X-ray (CR)",
  CT: "CT",
  DX: "X-ray (DX)",
  MG: "Mammography",
  MR: "MR",
  NM: "Nuclear medicine",
  PT: "PET",
  US: "Ultrasound",
  XA: "Angiography",
};

type Props = { filters: Filters; organisations: Outputs["organisation"]["list"] };

export function FilterBar({ filters, organisations }: Props) {
  const router = useRouter();
  const [isGoing, go] = useTransition();
  const change = (more: { [K in keyof Filters]: Filters[K] | undefined }) => {
    const next = Object.fromEntries(
      Object.entries({ ...filters, ...more }).filter(([, value]) => value !== undefined && value !== ""),
    );
    go(() => router.replace(`/worklist${writeFilters(next)}`, { scroll: false }));
  };
  return (
    <search
      aria-label="Filter the list"
      aria-busy={isGoing}
      className="grid grid-cols-2 items-end gap-3 sm:grid-cols-3 lg:grid-cols-[repeat(5,minmax(8rem,1fr))_auto_auto]"
    >
      <TextField
        label="From"
        type="date"
        defaultValue={filters.from}
        onChange={(event) => change({ from: event.target.value })}
      />
      <TextField
        label="To"
        type="date"
        defaultValue={filters.to}
        onChange={(event) => change({ to: event.target.value })}
      />
      <SelectField
        label="Modality"
        value={filters.modality ?? ""}
        onChange={(event) => change({ modality: event.target.value })}
      >
        <option value="">All</option>
        {Object.entries(MODALITIES).map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Trust"
        value={filters.custodian ?? ""}
        onChange={(event) => change({ custodian: event.target.value })}
      >
        <option value="">All</option>
        {organisations
          .filter(({ part }) => part === "member")
          .map(({ odsCode, name }) => (
            <option key={odsCode} value={odsCode}>
              {name}
            </option>
          ))}
      </SelectField>
      <SelectField
        label="Report"
        value={filters.reportState ?? ""}
        onChange={(event) =>
          change({
            reportState: (["unreported", "preliminary", "reported"] as const).find(
              (one) => one === event.target.value,
            ),
          })
        }
      >
        <option value="">All</option>
        <option value="unreported">No report</option>
        <option value="preliminary">Preliminary</option>
        <option value="reported">Reported</option>
      </SelectField>
      <label className="flex min-h-9 items-center gap-2">
        <input
          type="checkbox"
          className="size-4 accent-[var(--accent)]"
          checked={filters.isIncomplete ?? false}
          onChange={(event) => change({ isIncomplete: event.target.checked || undefined })}
        />
        Arriving or short
      </label>
      {writeFilters(filters) ? (
        <Button onClick={() => go(() => router.replace("/worklist", { scroll: false }))}>Clear</Button>
      ) : null}
    </search>
  );
}
