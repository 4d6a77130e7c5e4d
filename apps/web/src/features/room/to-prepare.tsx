"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Badge } from "#features/shell/badge.tsx";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import { nameOf } from "#features/shell/patient-banner.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { timeLeft } from "./time-left.ts";
import { Told } from "./told.tsx";

type Meeting = Outputs["room"]["listToPrepare"]["meetings"][number];
const ASK_EVERY_MS = 60_000;

function OneMeeting({ meeting }: { meeting: Meeting }) {
  const done = meeting.cases.filter(({ isPrepared }) => isPrepared).length;
  const heading = `${meeting.name}, ${asDate(meeting.heldOn)}`;
  return (
    <Panel className="p-4">
      <section aria-label={heading} className="flex flex-col gap-3">
        <h2>{heading}</h2>
        <p className="flex flex-wrap items-center gap-4">
          <span>
            Begins {asMoment(meeting.startsAt)}; time left:{" "}
            <strong>{timeLeft(meeting.startsAt, new Date())}</strong>
          </span>
          <Badge tone={done === meeting.cases.length ? "green" : "amber"}>
            {done} of {meeting.cases.length} prepared
          </Badge>
          <Link
            href={`/meetings/${meeting.meetingId}/room`}
            prefetch={false}
            className="text-accent underline"
          >
            Present
          </Link>
        </p>
        <ul className="flex flex-col divide-y divide-line">
          {meeting.cases.map(({ caseId, patient, question, isPrepared }) => (
            <li key={caseId} className="flex flex-wrap items-baseline gap-4 py-2">
              {patient ? (
                <Link
                  href={`/prepare/${caseId}`}
                  prefetch={false}
                  className="font-semibold text-accent underline"
                >
                  {nameOf(patient)}
                </Link>
              ) : (
                <strong>A restricted record</strong>
              )}
              <span className="grow">{question}</span>
              <Badge tone={isPrepared ? "green" : "amber"}>{isPrepared ? "Prepared" : "Not prepared"}</Badge>
            </li>
          ))}
        </ul>
      </section>
    </Panel>
  );
}

/** Reports of one's trust from which a meeting's review differs, until their addendum has come. */
function Differences() {
  const trpc = useTRPC();
  const list = useQuery(trpc.room.listDifferences.queryOptions({}, { refetchInterval: ASK_EVERY_MS }));
  const { differences = [], withheld = 0 } = list.data ?? {};
  if (differences.length + withheld === 0) return null;
  return (
    <section aria-label="A meeting differs from a report" className="flex flex-col gap-2">
      <h2>A meeting differs from a report of your trust</h2>
      {differences.map((one) => (
        <Notice
          key={one.differenceId}
          tone={one.grade === "major" ? "danger" : "amber"}
          title={`${one.grade === "major" ? "Major" : "Minor"}: ${one.study.description ?? one.study.modalities.join(", ")}, ${asDate(one.study.date)}`}
        >
          <p>
            “{one.words}” {one.openedBy}, a meeting of {one.meetingOf}, {asMoment(one.openedAt)}. Reported by{" "}
            {one.author ?? "somebody not named"}. It stays here until the report's addendum has come.
          </p>
          <p>
            <Link href={`/studies/${one.studyId}`} prefetch={false} className="text-accent underline">
              Open the study
            </Link>
          </p>
        </Notice>
      ))}
      {withheld > 0 ? <p>{withheld} more are of records that are restricted to others.</p> : null}
    </section>
  );
}

/** What a radiologist has to do for meetings: the soonest first. */
export function ToPrepare({ reports }: { reports: boolean }) {
  const trpc = useTRPC();
  const list = useQuery(trpc.room.listToPrepare.queryOptions({}, { refetchInterval: ASK_EVERY_MS }));
  return (
    <>
      <Told />
      {reports ? <Differences /> : null}
      {list.isPending ? <p role="status">Loading …</p> : null}
      <Failed title="The list did not load" error={list.error} />
      {list.data?.meetings.length === 0 ? (
        <Panel>
          <p className="px-4 py-10 text-center text-muted">
            No published list names you as the radiologist of a case.
          </p>
        </Panel>
      ) : null}
      {list.data?.meetings.map((meeting) => (
        <OneMeeting key={meeting.meetingId} meeting={meeting} />
      ))}
      {list.data?.isCut ? <p>Only the first 300 cases are shown.</p> : null}
    </>
  );
}
