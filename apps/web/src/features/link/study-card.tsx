"use client";
import { Images } from "lucide-react";
import { BlobPicture } from "#viewer/ui/blob-picture.tsx";
import { Download } from "./download.tsx";
import { Help } from "./help.tsx";
import type { MineView, OpenStudy } from "./mine-client.ts";
import { Card } from "./parts.tsx";
import { type Previews, srcOf } from "./picture-watch.ts";
import { picturesOf, plainDay, plainName } from "./plain-names.ts";
import { Report } from "./report.tsx";

type Series = OpenStudy["series"][number];

/** A series without a picture is documents alone: nothing to look at. */
export const shownSeries = (series: readonly Series[]): Series[] =>
  series.filter(({ instanceCount }) => instanceCount > 0);

export const studyName = ({ modalities, bodyParts, series }: OpenStudy): string =>
  plainName({
    modalities,
    bodyParts: bodyParts.length > 0 ? bodyParts : series.map(({ bodyPart }) => bodyPart),
    laterality:
      new Set(series.map(({ laterality }) => laterality)).size === 1 ? series[0]?.laterality : undefined,
  });

type Props = {
  study: OpenStudy;
  view: MineView;
  previews: Previews;
  onLook(series: Series, name: string): void;
  onRefused(): void;
};

function SeriesButton({
  one,
  name,
  preview,
  onLook,
}: {
  one: Series;
  name: string;
  preview: string | undefined;
  onLook(): void;
}) {
  return (
    <button
      type="button"
      onClick={onLook}
      aria-label={`Look at ${name}, ${picturesOf(one.instanceCount)}`}
      data-series={one.seriesId}
      className="flex flex-col overflow-hidden rounded-md border-2 border-field bg-black text-white"
    >
      <span className="flex aspect-square w-full items-center justify-center overflow-hidden">
        {preview ? (
          <BlobPicture src={preview} alt="" data-testid="preview" className="size-full object-contain" />
        ) : (
          <Images aria-hidden size={56} />
        )}
      </span>
      <span className="bg-accent px-2 py-2 text-center font-semibold text-on-accent">
        {one.instanceCount === 1 ? "Look" : `Look: ${picturesOf(one.instanceCount)}`}
      </span>
    </button>
  );
}

/** One examination: what it was, its pictures, its report, and what to do with questions. */
export function StudyCard({ study, view, previews, onLook, onRefused }: Props) {
  const name = studyName(study);
  const shown = shownSeries(study.series);
  const isAwaited = shown.some(({ seriesId }) => previews.get(seriesId)?.state === "awaited");
  const nameOf = (at: number) => (shown.length > 1 ? `${name}, set ${at + 1} of ${shown.length}` : name);
  return (
    <Card label={name}>
      <div>
        <h2 className="text-[1.5rem] leading-tight">{name}</h2>
        <p className="text-muted">
          {plainDay(study.studyDate ?? study.studiedAt)}, {view.trust}
        </p>
      </div>
      <div className={`grid gap-3 ${shown.length > 1 ? "grid-cols-2" : ""}`}>
        {shown.map((one, at) => (
          <SeriesButton
            key={one.seriesId}
            one={one}
            name={nameOf(at)}
            preview={srcOf(previews.get(one.seriesId))}
            onLook={() => onLook(one, nameOf(at))}
          />
        ))}
      </div>
      {isAwaited ? (
        <p role="status" className="text-muted">
          Small pictures are still on their way. You can look already.
        </p>
      ) : null}
      <Help {...view} />
      <Report study={study} name={name} />
      {view.mayDownload ? <Download {...{ study, name, onRefused }} trust={view.trust} /> : null}
    </Card>
  );
}
