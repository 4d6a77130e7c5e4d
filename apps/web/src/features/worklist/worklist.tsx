"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { Button } from "#features/shell/button.tsx";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { type Filters, writeFilters } from "./filters.ts";
import { StudyTable } from "./study-table.tsx";
import { useNews } from "./use-news.ts";
import { useRowPlace } from "./use-row-place.ts";
import { useWhoReads } from "./use-who-reads.ts";

type List = Outputs["worklist"]["list"];
type Props = { filters: Filters; first: List; organisations: Outputs["organisation"]["list"] };

const ASK_EVERY_MS = 3000;

const WHOSE: Record<List["kind"], string> = {
  reporting: "What you may report, in every trust of the region.",
  relationships: "Patients with whom you have a relationship. Look anyone else up.",
  "own-trust": "What your trust has acquired or sent.",
  meetings: "Patients on the lists of your meetings.",
  none: "Your role has no list of studies.",
};

const EMPTY: Record<List["kind"], string> = {
  reporting: "Nothing has been sent yet that you may report.",
  relationships:
    "You have no patients here yet. Look a patient up and say why; they stand here for 24 hours.",
  "own-trust": "Your trust has sent nothing yet. Add images, or ask your PACS team whether the gateway runs.",
  meetings: "None of your meetings has a published list yet.",
  none: "Sign in under another role if you came for images.",
};

/** The actor's list. It asks a change cursor every few seconds, and takes in what is new without a reload. */
export function Worklist({ filters, first, organisations }: Props) {
  const trpc = useTRPC();
  const known = useRef(new Set(first.rows.map(({ studyId }) => studyId)));
  const list = useInfiniteQuery({
    ...trpc.worklist.list.infiniteQueryOptions(
      { filters },
      {
        getNextPageParam: (page) => page.next,
        initialData: { pages: [first], pageParams: [null] },
        staleTime: Number.POSITIVE_INFINITY,
      },
    ),
  });
  const newest = list.data.pages[0] ?? first;
  const change = useQuery(
    trpc.worklist.hasChanged.queryOptions(
      { since: newest.changeCursor },
      { refetchInterval: ASK_EVERY_MS, staleTime: 0, enabled: newest.kind !== "none" },
    ),
  );
  const { refetch, isFetching } = list;
  const hasChanged = change.data?.changed ?? false;
  useEffect(() => {
    if (hasChanged && !isFetching) void refetch();
  }, [hasChanged, isFetching, refetch]);

  const rows = list.data.pages.flatMap((page) => page.rows);
  const trustNames = useMemo(
    () => new Map(organisations.map(({ odsCode, name }) => [odsCode, name])),
    [organisations],
  );
  const fresh = new Set(rows.map(({ studyId }) => studyId).filter((id) => !known.current.has(id)));
  const reading = useWhoReads(rows.map(({ studyId }) => studyId));
  const news = useNews(
    rows.map(({ studyId }) => studyId),
    newest.changeCursor,
  );
  const listed = useRowPlace();
  const error = list.error ?? change.error;

  return (
    <>
      <p className="text-muted">{WHOSE[newest.kind]}</p>
      <FilterBar filters={filters} organisations={organisations} />
      {error ? (
        <Notice tone="danger" title="This list may be behind">
          {errorText(error)} What you see was true when it was loaded.
        </Notice>
      ) : null}
      <Panel>
        {rows.length === 0 ? (
          <p className="px-4 py-10 text-center text-muted">
            {writeFilters(filters) ? "Nothing matches these filters." : EMPTY[newest.kind]}
          </p>
        ) : (
          <div ref={listed}>
            <StudyTable
              rows={rows}
              trustNames={trustNames}
              caption="My list of studies"
              fresh={fresh}
              reading={reading}
              news={news}
            />
          </div>
        )}
      </Panel>
      <p role="status" className="text-sm text-muted">
        {rows.length} {rows.length === 1 ? "study" : "studies"} shown
        {fresh.size > 0 ? `, ${fresh.size} new since you opened the list` : ""}
        {list.hasNextPage ? ", older ones below" : ""}
      </p>
      {list.hasNextPage ? (
        <Button className="w-fit" disabled={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {list.isFetchingNextPage ? "Loading …" : "Show older studies"}
        </Button>
      ) : null}
    </>
  );
}
