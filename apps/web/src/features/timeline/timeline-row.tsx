"use client";
import Link from "next/link";
import { ListForMeeting } from "#features/mdt/list-for-meeting.tsx";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { buttonClass } from "#features/shell/button-class.ts";
import { asDate } from "#features/shell/dates.ts";
import { CopyLines } from "#features/worklist/copy-lines.tsx";
import { ImpressionWords } from "#features/worklist/impression-words.tsx";
import { NewsBadge } from "#features/worklist/news-badge.tsx";
import { CompletenessBadge, ReportBadge } from "#features/worklist/states.tsx";
import { Pictures } from "./pictures.tsx";
import { compareHref, type Row } from "./shown-rows.ts";
import type { Fetched } from "./use-pictures.ts";

export type Shared = {
  trustNames: ReadonlyMap<string, string>;
  pictures: ReadonlyMap<string, Fetched>;
  want(seriesIds: readonly string[]): void;
  isSensitive: boolean;
  /** The reader may ask a colleague about it. */
  mayRefer: boolean;
  /** What is to stand beside another. */
  comparing: Row | undefined;
  onCompare(row: Row | undefined): void;
};

const rowId = (studyId: string) => `study-${studyId}`;

const nameOfStudy = (row: Row) => row.description ?? (row.regions.join(", ") || "No description");

/** Images often name the trust beside the site. */
const placeOf = ({ site, isMasked }: Row, trust: string): string => {
  if (isMasked) return "Site withheld";
  if (!site) return trust;
  return site.includes(trust) ? site : `${trust}, ${site}`;
};

function Sides({ row }: { row: Row }) {
  const { images, warning } = row.side;
  return (
    <>
      {images.map((side) => (
        <span key={side} className="ml-2 font-bold" title="Said by the images">
          {side === "L" ? "LEFT" : "RIGHT"}
        </span>
      ))}
      {warning ? (
        <span className="mt-1 block">
          <Badge tone="amber">{warning}</Badge>
        </span>
      ) : null}
    </>
  );
}

/** One line until the row is pointed at or in focus: the report's own words. */
function Impression({ row }: { row: Row }) {
  if (!row.report) return null;
  return (
    <p className="mt-1 line-clamp-1 max-w-prose text-sm group-focus-within:line-clamp-none group-hover:line-clamp-none">
      <ImpressionWords {...row.report} />
    </p>
  );
}

function Compare({ row, comparing, onCompare }: Pick<Shared, "comparing" | "onCompare"> & { row: Row }) {
  const isChosen = comparing?.studyId === row.studyId;
  if (comparing && !isChosen)
    return (
      <Link href={compareHref(row, comparing)} prefetch={false} className={buttonClass({ tone: "main" })}>
        Compare<span className="sr-only"> {nameOfStudy(row)}</span> with {asDate(comparing.studyDate)}
      </Link>
    );
  return (
    <Button aria-pressed={isChosen} onClick={() => onCompare(isChosen ? undefined : row)}>
      {isChosen ? "Don't compare" : "Compare …"}
      <span className="sr-only"> {nameOfStudy(row)}</span>
    </Button>
  );
}

/** One study: when, what, where, how much of it is there, and what was said of it. */
export function TimelineRow({ row, shared }: { row: Row; shared: Shared }) {
  const { trustNames, pictures, want, isSensitive, mayRefer, comparing, onCompare } = shared;
  const series = row.seriesCount === 1 ? "1 series" : `${row.seriesCount} series`;
  return (
    <li
      id={rowId(row.studyId)}
      data-study={row.studyInstanceUid}
      className="group grid gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0 focus-within:bg-raised hover:bg-raised sm:grid-cols-[7rem_minmax(0,1fr)_auto]"
    >
      <p className="font-semibold whitespace-nowrap">
        {asDate(row.studyDate)}
        {row.isNew ? (
          <span className="ml-2 sm:mt-1 sm:ml-0 sm:block">
            <Badge tone="info">New since you looked</Badge>
          </span>
        ) : null}
      </p>
      <div className="min-w-0">
        <p>
          <Link
            href={`/studies/${row.studyId}`}
            // Opening is on record: only a click opens.
            prefetch={false}
            data-row
            className="font-semibold text-accent underline-offset-2 hover:underline"
          >
            {row.modalities.join(", ") || "No modality"} · {nameOfStudy(row)}
          </Link>
          <Sides row={row} />
        </p>
        <p className="text-sm text-muted">
          {placeOf(row, trustNames.get(row.custodian) ?? row.custodian)} ·{" "}
          {row.regions.join(", ") || "body part not stated"} · {series}
        </p>
        {row.isOutside ? (
          <Badge tone="info">Outside images{row.sourceName ? `, from ${row.sourceName}` : ""}</Badge>
        ) : null}
        <CopyLines row={row} trustNames={trustNames} />
        <p className="mt-1 flex flex-wrap gap-1.5">
          <CompletenessBadge completeness={row.completeness} />
          <ReportBadge state={row.reportState} />
          <NewsBadge news={row.news} />
        </p>
        <Impression row={row} />
      </div>
      <div className="flex flex-col items-start gap-2 sm:items-end">
        <Pictures row={row} pictures={pictures} want={want} isSensitive={isSensitive} />
        <Compare row={row} comparing={comparing} onCompare={onCompare} />
        {mayRefer && !row.isMasked ? (
          <Link href={`/studies/${row.studyId}/refer`} prefetch={false} className={buttonClass()}>
            Refer …<span className="sr-only"> {nameOfStudy(row)}</span>
          </Link>
        ) : null}
        {row.isMasked ? null : <ListForMeeting of={{ studyId: row.studyId }} subject={nameOfStudy(row)} />}
      </div>
    </li>
  );
}
