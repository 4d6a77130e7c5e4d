import Link from "next/link";
import { Badge } from "#features/shell/badge.tsx";
import { asDate } from "#features/shell/dates.ts";
import { nameOf, spacedNhsNumber } from "#features/shell/patient-banner.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";
import { ReadingNow } from "#features/study/reading-now.tsx";
import type { Reader } from "#features/study/use-reading-now.ts";
import { CopyLines } from "./copy-lines.tsx";
import { IMPRESSION_ID, ImpressionCard } from "./impression-card.tsx";
import { type News, NewsBadge } from "./news-badge.tsx";
import { CompletenessBadge, ReportBadge } from "./states.tsx";
import { useGlance } from "./use-glance.ts";

export type StudyRow = Outputs["worklist"]["list"]["rows"][number];

type Props = {
  rows: readonly StudyRow[];
  trustNames: ReadonlyMap<string, string>;
  caption: string;
  fresh?: ReadonlySet<string>;
  /** Who else reads which study now. */
  reading?: ReadonlyMap<string, readonly Reader[]>;
  /** What came to which study since this person last opened it. */
  news?: ReadonlyMap<string, readonly News[]>;
};

const HEAD = "px-3 py-2 text-left text-[0.8125rem] font-semibold text-muted whitespace-nowrap";
const CELL = "px-3 py-2 align-top";

const hasReport = ({ reportState }: StudyRow) =>
  reportState !== "none-received" && reportState !== "not-reported";

function PatientCell({ row, isGlanced }: { row: StudyRow; isGlanced: boolean }) {
  const { patient } = row;
  return (
    <>
      <Link
        href={`/studies/${row.studyId}`}
        // Opening is on record: only a click opens.
        prefetch={false}
        data-row={row.studyId}
        aria-describedby={isGlanced ? IMPRESSION_ID : undefined}
        className="font-semibold text-accent underline-offset-2 hover:underline"
      >
        {nameOf({ ...patient, middle: undefined })}
      </Link>
      <span className="block text-sm text-muted">
        {asDate(patient.birthDate)} · {patient.sex ?? "?"} ·{" "}
        <span className="whitespace-nowrap">
          {patient.nhsNumber
            ? `NHS ${spacedNhsNumber(patient.nhsNumber)}`
            : `${row.custodian} ${patient.localNumber}`.trim()}
        </span>
      </span>
      {patient.nameDiffers ? <Badge tone="amber">Name differs</Badge> : null}
    </>
  );
}

/** Studies, newest first. A phone shows each as a card: the same cells, under their names. */
export function StudyTable({ rows, trustNames, caption, fresh, reading, news }: Props) {
  const { rowProps, ...card } = useGlance();
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse max-sm:block">
        <caption className="sr-only">{caption}</caption>
        <thead className="border-b border-line max-sm:sr-only">
          <tr>
            <th scope="col" className={HEAD}>
              Patient
            </th>
            <th scope="col" className={HEAD}>
              Date
            </th>
            <th scope="col" className={HEAD}>
              Study
            </th>
            <th scope="col" className={HEAD}>
              Trust
            </th>
            <th scope="col" className={HEAD}>
              Images
            </th>
            <th scope="col" className={HEAD}>
              Report
            </th>
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {rows.map((row) => (
            <tr
              key={row.studyId}
              data-study={row.studyInstanceUid}
              {...(hasReport(row) ? rowProps(row.studyId) : {})}
              className="border-b border-line last:border-0 hover:bg-raised max-sm:block max-sm:py-2"
            >
              <td className={`${CELL} max-sm:block`}>
                <PatientCell row={row} isGlanced={card.glance?.studyId === row.studyId} />
              </td>
              <td className={`${CELL} whitespace-nowrap max-sm:inline-block`}>
                {asDate(row.studyDate)}
                {fresh?.has(row.studyId) ? (
                  <span className="ml-2">
                    <Badge tone="info">New</Badge>
                  </span>
                ) : null}
              </td>
              <td className={`${CELL} max-sm:block`}>
                <span className="font-semibold">{row.modalities.join(", ") || "No modality"}</span>{" "}
                {row.description ?? ""}
                {row.isOutside ? (
                  <span className="ml-2">
                    <Badge tone="info">
                      Outside images{row.sourceName ? `, from ${row.sourceName}` : ""}
                    </Badge>
                  </span>
                ) : null}
              </td>
              <td className={`${CELL} max-sm:block`}>
                {row.isMasked ? "Site withheld" : (trustNames.get(row.custodian) ?? row.custodian)}
                <CopyLines row={row} trustNames={trustNames} />
              </td>
              <td className={`${CELL} max-sm:inline-block`}>
                <CompletenessBadge completeness={row.completeness} />
              </td>
              <td className={`${CELL} max-sm:inline-block`}>
                <ReportBadge state={row.reportState} />
                <span className="mt-1 block empty:hidden">
                  <NewsBadge news={news?.get(row.studyId) ?? []} />
                </span>
                <ReadingNow readers={reading?.get(row.studyId) ?? []} trustNames={trustNames} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ImpressionCard {...card} />
    </div>
  );
}
