"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { KIND_NAMES } from "./kinds.ts";
import { CountBadges } from "./readiness.tsx";
import { spanUntil } from "./until.ts";
import { useNow } from "./use-now.ts";

type List = Outputs["mdt"]["listMeetings"];
type Row = List["meetings"][number];

const ASK_EVERY_MS = 5000;

function Closing({ meeting, now }: { meeting: Row; now: number }) {
  if (meeting.state === "cancelled") return <Badge tone="unknown">cancelled</Badge>;
  if (Date.parse(meeting.endsAt) <= now) return <span className="text-muted">over</span>;
  const left = spanUntil(meeting.cutOffAt, now);
  return left ? <span>closes in {left}</span> : <Badge tone="danger">list closed</Badge>;
}

const BoardRow = ({ meeting, now }: { meeting: Row; now: number }) => (
  <tr className="border-t border-line align-top">
    <th scope="row" className="px-3 py-2 text-left font-semibold">
      {meeting.maySee ? (
        <Link href={`/meetings/${meeting.id}`} prefetch={false} className="underline underline-offset-2">
          {meeting.name}
        </Link>
      ) : (
        meeting.name
      )}
      <span className="block font-normal text-muted">
        {[meeting.kind === "meeting" ? "" : KIND_NAMES[meeting.kind], ...meeting.rooms]
          .filter(Boolean)
          .join(", ")}
      </span>
    </th>
    <td className="px-3 py-2">{asMoment(meeting.startsAt)}</td>
    <td className="px-3 py-2">
      <Closing meeting={meeting} now={now} />
    </td>
    <td className="px-3 py-2">{meeting.state === "published" ? "published" : meeting.state}</td>
    <td className="px-3 py-2">
      {meeting.counts && meeting.maySee ? <CountBadges counts={meeting.counts} /> : null}
    </td>
  </tr>
);

/** All one's meetings, counting down to when their lists close. It takes in what changes without a reload. */
export function Board({ first }: { first: List }) {
  const trpc = useTRPC();
  const list = useQuery({
    ...trpc.mdt.listMeetings.queryOptions({}),
    initialData: first,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { meetings, changeCursor, now: told } = list.data;
  const now = useNow(told);
  const change = useQuery(
    trpc.mdt.hasChanged.queryOptions(
      { meetingIds: meetings.map(({ id }) => id), since: changeCursor },
      { refetchInterval: ASK_EVERY_MS, staleTime: 0 },
    ),
  );
  const { refetch, isFetching } = list;
  const hasChanged = change.data?.changed ?? false;
  useEffect(() => {
    if (hasChanged && !isFetching) void refetch();
  }, [hasChanged, isFetching, refetch]);
  const error = list.error ?? change.error;
  return (
    <>
      {error ? (
        <Notice tone="danger" title="This board may be behind">
          {errorText(error)} What you see was true when it was loaded.
        </Notice>
      ) : null}
      <Panel className="overflow-x-auto">
        {meetings.length === 0 ? (
          <p className="px-4 py-10 text-center text-muted">
            You belong to no meeting yet. A coordinator names you as a member, or begins a series.
          </p>
        ) : (
          <table className="w-full">
            <caption className="sr-only">Your meetings</caption>
            <thead>
              <tr className="text-left text-sm text-muted">
                {["Meeting", "Held", "List", "State", "Cases"].map((name) => (
                  <th key={name} scope="col" className="px-3 py-2">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {meetings.map((meeting) => (
                <BoardRow key={meeting.id} meeting={meeting} now={now} />
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </>
  );
}
