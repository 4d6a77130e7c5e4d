"use client";
import type { Inputs } from "#features/shell/trpc.tsx";

export type Shows = NonNullable<Inputs["links"]["share"]["scopes"][number]["shows"]>;
export type Goes = { kind: "study" | "series" | "images"; seriesIds: readonly string[] };
export type KeyImage = { instanceId: string; frame: number | undefined };
export type SeriesChoice = { seriesId: string; name: string };

/** What of the study goes, as the server takes it. `undefined`: nothing is chosen yet. */
export function showsOf({ kind, seriesIds }: Goes, keyImages: readonly KeyImage[]): Shows | undefined {
  if (kind === "study") return { kind };
  if (kind === "series") return seriesIds.length > 0 ? { kind, seriesIds: [...seriesIds] } : undefined;
  const frames = new Map<string, number[]>();
  for (const { instanceId, frame } of keyImages)
    frames.set(instanceId, [...(frames.get(instanceId) ?? []), ...(frame ? [frame] : [])]);
  if (frames.size === 0) return undefined;
  return { kind, images: [...frames].map(([instanceId, only]) => ({ instanceId, frames: only })) };
}

type Props = {
  goes: Goes;
  series: readonly SeriesChoice[];
  keyImages: readonly KeyImage[];
  onChange(goes: Goes): void;
};

/** The whole study, some series of it, or the key images that readers marked. */
export function WhatGoes({ goes, series, keyImages, onChange }: Props) {
  const choices = [
    { kind: "study", text: "The whole study", isOff: false },
    { kind: "series", text: "Some series", isOff: series.length === 0 },
    { kind: "images", text: `Key images alone (${keyImages.length} marked)`, isOff: keyImages.length === 0 },
  ] as const;
  const toggle = (seriesId: string) =>
    onChange({
      ...goes,
      seriesIds: goes.seriesIds.includes(seriesId)
        ? goes.seriesIds.filter((one) => one !== seriesId)
        : [...goes.seriesIds, seriesId],
    });
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="font-medium">What goes</legend>
      {choices.map(({ kind, text, isOff }) => (
        <label key={kind} className="flex items-baseline gap-2">
          <input
            type="radio"
            name="goes"
            checked={goes.kind === kind}
            disabled={isOff}
            onChange={() => onChange({ ...goes, kind })}
          />
          {text}
        </label>
      ))}
      {goes.kind === "series"
        ? series.map(({ seriesId, name }) => (
            <label key={seriesId} className="ml-6 flex items-baseline gap-2">
              <input
                type="checkbox"
                checked={goes.seriesIds.includes(seriesId)}
                onChange={() => toggle(seriesId)}
              />
              {name}
            </label>
          ))
        : null}
    </fieldset>
  );
}
