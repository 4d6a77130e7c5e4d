import Link from "next/link";
import { asMoment } from "#features/shell/dates.ts";
import { Notice } from "#features/shell/notice.tsx";
import { nameOf } from "#features/shell/patient-banner.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

type List = Outputs["mdt"]["listReds"]["lists"][number];

function OneList({ list: { meeting, cases, reds } }: { list: List }) {
  return (
    <Notice
      tone="danger"
      title={`${meeting.name}, ${asMoment(meeting.startsAt)}: ${reds.length} of ${cases} not ready`}
    >
      <ul className="flex flex-col gap-1">
        {reds.map(({ caseId, patient, missing }) => (
          <li key={caseId}>
            <strong>{patient ? nameOf(patient) : "A restricted record"}</strong>:{" "}
            {missing
              .map(({ label, says, from }) => `${label}: ${says}${from ? ` (${from})` : ""}`)
              .join("; ")}
          </li>
        ))}
      </ul>
      <Link href={`/meetings/${meeting.id}`} prefetch={false} className="text-accent underline">
        The list
      </Link>
    </Notice>
  );
}

/** From two o'clock on the day before: what theatre and clinic will lack, while somebody can still act on it. */
export function Reds({ lists }: Outputs["mdt"]["listReds"]) {
  const red = lists.filter(({ reds }) => reds.length > 0);
  if (red.length === 0) return null;
  return (
    <section aria-label="Not ready for theatre or clinic" className="flex flex-col gap-2">
      {red.map((list) => (
        <OneList key={list.meeting.id} list={list} />
      ))}
    </section>
  );
}
