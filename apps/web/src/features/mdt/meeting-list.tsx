"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect, useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Failed } from "#features/shell/failed.tsx";
import { SelectField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Page, Panel } from "#features/shell/page.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { AddLines } from "./add-lines.tsx";
import { CaseRow } from "./case-row.tsx";
import { type Grouping, groupsOf } from "./groups.ts";
import { ListTools } from "./list-tools.tsx";
import { MeetingDetails } from "./meeting-details.tsx";
import { CountBadges, type Meeting } from "./readiness.tsx";
import { TakenOff } from "./taken-off.tsx";
import { spanUntil } from "./until.ts";
import { useNow } from "./use-now.ts";

const ASK_EVERY_MS = 4000;

const countsOf = (cases: Meeting["cases"]) => {
  const of = (colour: "green" | "amber" | "red" | "grey") =>
    cases.filter(({ readiness }) => readiness.colour === colour).length;
  return { green: of("green"), amber: of("amber"), red: of("red"), grey: of("grey") };
};

function Heading({ read }: { read: Meeting }) {
  const { meeting } = read;
  const now = useNow(read.now);
  const left = spanUntil(meeting.cutOffAt, now);
  return (
    <Panel className="flex flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3">
      <p>
        <strong>{asMoment(meeting.startsAt)}</strong>
        {meeting.rooms.length > 0 ? `, ${meeting.rooms.join(", ")}` : ""}
      </p>
      <p>{left ? `List closes in ${left}` : <Badge tone="danger">List closed</Badge>}</p>
      <p>
        {meeting.state === "published" && meeting.visibleUntil ? (
          <Badge tone="green">Published, members see it until {asMoment(meeting.visibleUntil)}</Badge>
        ) : (
          <Badge tone="unknown">
            {meeting.state === "cancelled" ? "Cancelled" : "Not published: members don’t see it yet"}
          </Badge>
        )}
      </p>
      {meeting.state === "published" ? (
        <Link href={`/meetings/${meeting.id}/room`} prefetch={false} className="text-accent underline">
          Into the room
        </Link>
      ) : null}
      <CountBadges counts={countsOf(read.cases)} />
    </Panel>
  );
}

function Publishing({ read, onChanged }: { read: Meeting; onChanged(): void }) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const { meeting } = read;
  const publish = useMutation(
    trpc.mdt.publishList.mutationOptions({ onSuccess: onChanged, onError: onChanged }),
  );
  const isPublished = meeting.state === "published";
  return (
    <>
      <Button
        tone={isPublished ? "plain" : "main"}
        disabled={!isHere || publish.isPending}
        onClick={() =>
          publish.mutate({
            meetingId: meeting.id,
            version: meeting.version,
            state: isPublished ? "open" : "published",
          })
        }
      >
        {isPublished ? "Take the list back" : "Publish to members"}
      </Button>
      <Failed title="That didn't work" error={publish.error} />
    </>
  );
}

/** One meeting's list. It asks a change cursor every few seconds: what comes, and what others change, stands here without a reload. */
export function MeetingList({ first, isDemonstration }: { first: Meeting; isDemonstration: boolean }) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const meetingId = first.meeting.id;
  const [grouping, setGrouping] = useState<Grouping>("none");
  const [isAdding, setAdding] = useState(first.cases.length === 0 && first.mayList);
  const [opened, setOpened] = useState<string | undefined>();
  const list = useQuery({
    ...trpc.mdt.readMeeting.queryOptions({ meetingId }),
    initialData: first,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const read = list.data;
  const change = useQuery(
    trpc.mdt.hasChanged.queryOptions(
      { meetingIds: [meetingId], since: read.changeCursor },
      { refetchInterval: ASK_EVERY_MS, staleTime: 0 },
    ),
  );
  const { refetch, isFetching } = list;
  const hasChanged = change.data?.changed ?? false;
  useEffect(() => {
    if (hasChanged && !isFetching) void refetch();
  }, [hasChanged, isFetching, refetch]);
  const changed = () => void refetch();
  const error = list.error ?? change.error;
  const isCut = read.cases.some((one) => one.isCut);
  return (
    <Page title={read.meeting.name} lead={read.meeting.note || undefined}>
      {error ? (
        <Notice tone="danger" title="This list may be behind">
          {errorText(error)} What you see was true when it was loaded.
        </Notice>
      ) : null}
      {isCut ? (
        <Notice tone="amber" title="Not every study is shown">
          There are more studies than this page takes. Look at the patient’s page for all of them.
        </Notice>
      ) : null}
      <Heading read={read} />
      <div className="flex flex-wrap items-end gap-3">
        {read.mayList ? (
          <>
            <Button disabled={!isHere} aria-expanded={isAdding} onClick={() => setAdding(!isAdding)}>
              {isAdding ? "Close adding" : "Add cases"}
            </Button>
            <Publishing read={read} onChanged={changed} />
          </>
        ) : null}
        <SelectField
          label="Grouped by"
          value={grouping}
          onChange={(event) => {
            const { value } = event.target;
            setGrouping(value === "site" || value === "radiologist" || value === "group" ? value : "none");
          }}
        >
          <option value="none">the list’s order</option>
          <option value="site">site</option>
          <option value="radiologist">radiologist</option>
          <option value="group">group</option>
        </SelectField>
      </div>
      {isAdding ? (
        <Panel className="px-4 py-4">
          <AddLines meetingId={meetingId} kind={read.meeting.kind} onAdded={changed} />
        </Panel>
      ) : null}
      {read.mayList ? <MeetingDetails read={read} onChanged={changed} /> : null}
      <ListTools read={read} isDemonstration={isDemonstration} onChanged={changed} />
      {read.cases.length === 0 ? (
        <p className="rounded border border-line bg-panel px-4 py-10 text-center text-muted">No cases yet.</p>
      ) : null}
      {groupsOf(read, grouping).map(({ name, cases }) => (
        <section key={name} aria-label={name} className="flex flex-col gap-2">
          {grouping === "none" ? null : <h2>{name}</h2>}
          <ol className="flex flex-col gap-2">
            {cases.map((one) => (
              <CaseRow
                key={one.id}
                read={read}
                one={one}
                number={read.cases.indexOf(one) + 1}
                isOpen={opened === one.id}
                onOpen={() => setOpened(opened === one.id ? undefined : one.id)}
                onChanged={changed}
              />
            ))}
          </ol>
        </section>
      ))}
      <p role="status" className="text-sm text-muted">
        {read.cases.length} {read.cases.length === 1 ? "case" : "cases"}
        {read.removed > 0 && !read.mayList ? `, ${read.removed} taken off` : ""}
      </p>
      {read.mayList ? <TakenOff meetingId={meetingId} count={read.removed} onChanged={changed} /> : null}
    </Page>
  );
}
