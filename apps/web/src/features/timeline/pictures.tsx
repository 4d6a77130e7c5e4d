"use client";
import { ImageOff } from "lucide-react";
import { useEffect, useRef } from "react";
import { BlobPicture } from "#viewer/ui/blob-picture.tsx";
import type { Row } from "./shown-rows.ts";
import type { Fetched } from "./use-pictures.ts";

type Picture = Row["pictures"][number];

/** Why a series has no picture, by its code. */
const WHY: Record<string, string> = {
  "not-drawn-yet": "Picture not made yet",
  "not-drawn": "No picture of this kind of object",
  unreadable: "Its pixels can't be read",
  failed: "The picture can't be fetched",
  sensitive: "Not shown at a glance",
};

const BOX = "flex size-16 items-center justify-center overflow-hidden rounded bg-black sm:size-20";

function Placeholder({ modality, why }: { modality: string; why: string }) {
  return (
    <span className={`${BOX} flex-col gap-0.5 p-1 text-center text-[0.6875rem] leading-tight text-white`}>
      <ImageOff aria-hidden size={14} />
      <span>
        {modality}: {WHY[why] ?? "No picture"}
      </span>
    </span>
  );
}

function One({ picture, got }: { picture: Picture; got: Fetched | undefined }) {
  if (picture.state !== "drawn") return <Placeholder modality={picture.modality} why={picture.state} />;
  if (got === "failed") return <Placeholder modality={picture.modality} why="failed" />;
  if (!got) return <span className={BOX} />;
  return (
    <span className={BOX}>
      <BlobPicture src={got} alt={`${picture.modality} series, reduced`} className="max-h-full max-w-full" />
    </span>
  );
}

type Props = {
  row: Row;
  pictures: ReadonlyMap<string, Fetched>;
  want(seriesIds: readonly string[]): void;
  isSensitive: boolean;
};

/** A picture for each of a study's first series, asked for when the row comes into view. */
export function Pictures({ row, pictures, want, isSensitive }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    const drawn = row.pictures.filter(({ state }) => state === "drawn").map(({ seriesId }) => seriesId);
    if (!element || drawn.length === 0 || isSensitive) return;
    const seen = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) want(drawn);
      },
      { rootMargin: "300px" },
    );
    seen.observe(element);
    return () => seen.disconnect();
  }, [row.pictures, want, isSensitive]);
  if (row.pictures.length === 0) return null;
  return (
    <div ref={box} className="flex flex-wrap gap-1.5">
      {isSensitive ? (
        <Placeholder modality={row.modalities.join(", ")} why="sensitive" />
      ) : (
        row.pictures.map((picture) => (
          <One key={picture.seriesId} picture={picture} got={pictures.get(picture.seriesId)} />
        ))
      )}
    </div>
  );
}
