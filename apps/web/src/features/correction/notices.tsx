"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";

type One = Outputs["correction"]["listNotices"][number];

const WHAT: Record<string, string> = {
  move: "its images were found to be another patient's",
  split: "some of its images were found to be another study's or patient's",
  reject: "images of it were rejected",
  correct: "its side or date was wrong",
};

function Item({ notice, trustNames }: { notice: One; trustNames: ReadonlyMap<string, string> }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const isHere = useIsHere();
  const acknowledge = useMutation(
    trpc.correction.acknowledge.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.correction.listNotices.queryKey() }),
    }),
  );
  const trust = trustNames.get(notice.custodian) ?? (notice.custodian || "Another trust");
  const what = notice.isUndo
    ? "an earlier correction of it was taken back"
    : (WHAT[notice.kind] ?? "it was corrected");
  const title = notice.openedAt
    ? `A study that you opened ${asMoment(notice.openedAt)} was corrected: ${what}`
    : `A study that your trust holds a copy of was corrected by another trust: ${what}`;
  return (
    <Notice tone="amber" title={title}>
      <p>
        {trust}, {asMoment(notice.correctedAt)}. If you acted on what you saw, tell whoever has to know.{" "}
        <Link href={`/patients/${notice.fromPatientId}`} prefetch={false} className="underline">
          The patient under whom it stood
        </Link>{" "}
        <Link href={`/studies/${notice.studyId}`} prefetch={false} className="underline">
          The study as it is now
        </Link>
      </p>
      <Button
        className="mt-2"
        disabled={acknowledge.isPending || !isHere}
        onClick={() => acknowledge.mutate({ noticeId: notice.noticeId })}
      >
        I have read this
      </Button>
      {acknowledge.error ? <p role="alert">{errorText(acknowledge.error)}</p> : null}
    </Notice>
  );
}

type Props = { first: One[]; organisations: Outputs["organisation"]["list"] };

/** On every page: what its reader has opened and was corrected since. Asked again at each page and each minute. */
export function Notices({ first, organisations }: Props) {
  const trpc = useTRPC();
  const path = usePathname();
  const was = useRef(path);
  const list = useQuery(
    trpc.correction.listNotices.queryOptions({}, { initialData: first, refetchInterval: 60_000 }),
  );
  const { refetch } = list;
  useEffect(() => {
    if (was.current === path) return;
    was.current = path;
    void refetch();
  }, [path, refetch]);
  if (list.data.length === 0) return null;
  const trustNames = new Map(organisations.map(({ odsCode, name }) => [odsCode, name]));
  return (
    <section aria-label="Notices" className="flex flex-col gap-2 px-4 pt-3 sm:px-6">
      {list.data.map((notice) => (
        <Item key={notice.noticeId} notice={notice} trustNames={trustNames} />
      ))}
    </section>
  );
}
