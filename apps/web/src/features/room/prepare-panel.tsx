"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { PIN_NAMES, type ShownCase, useReread } from "./shown-case.ts";
import { TextArea } from "./text-area.tsx";

const MOST_STUDIES = 100;
type StudyProps = { shown: ShownCase; study: ShownCase["studies"][number] };

/** Key images and views that readers made of a study: what can be pinned of it. */
function ToPin({ shown, study }: StudyProps) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const marks = useQuery(trpc.annotation.listMarks.queryOptions({ studyId: study.studyId }));
  const pin = useMutation(trpc.room.pin.mutationOptions({ onSuccess: reread }));
  const pinned = new Set(shown.pins.map(({ markId }) => markId));
  const offered = (marks.data?.marks ?? []).filter(
    ({ kind, state, standing, markId }) =>
      (kind === "view" || kind === "key-image") &&
      state === "published" &&
      standing !== "gone" &&
      standing !== "moved" &&
      !pinned.has(markId),
  );
  const put = (subjectId: string, kind: "view" | "key-image" | "series") =>
    pin.mutate({ caseId: shown.caseId, pinId: crypto.randomUUID(), studyId: study.studyId, kind, subjectId });
  return (
    <p className="flex flex-wrap gap-2">
      {offered.map(({ markId, kind, author }) => (
        <Button
          key={markId}
          disabled={pin.isPending}
          onClick={() => put(markId, kind === "view" ? "view" : "key-image")}
        >
          Pin the {kind === "view" ? "view" : "key image"} of{" "}
          {author.isMe ? "mine" : (author.name ?? author.role)}
        </Button>
      ))}
      {study.firstSeriesId ? (
        <Button disabled={pin.isPending} onClick={() => put(study.firstSeriesId ?? "", "series")}>
          Pin the study
        </Button>
      ) : null}
      {pin.error ? <span role="alert">{errorText(pin.error)}</span> : null}
    </p>
  );
}

function Studies({ shown }: { shown: ShownCase }) {
  const [openId, setOpenId] = useState<string>();
  return (
    <ul className="flex flex-col divide-y divide-line">
      {shown.studies.map((study) => (
        <li key={study.studyId} className="flex flex-col gap-1 py-2">
          <p className="flex flex-wrap items-baseline gap-3">
            <Link
              href={`/studies/${study.studyId}`}
              target="_blank"
              prefetch={false}
              className="font-semibold text-accent underline"
            >
              {study.name}, {asDate(study.date)}
            </Link>
            <span>{study.trust}</span>
            <span className="text-muted">{study.completeness}</span>
            {study.side.warning ? <Badge tone="amber">{study.side.warning}</Badge> : null}
            {shown.may.review ? (
              <Button
                aria-expanded={openId === study.studyId}
                onClick={() => setOpenId(openId === study.studyId ? undefined : study.studyId)}
              >
                What to pin
              </Button>
            ) : null}
          </p>
          {openId === study.studyId ? <ToPin shown={shown} study={study} /> : null}
        </li>
      ))}
    </ul>
  );
}

function Pins({ shown }: { shown: ShownCase }) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const unpin = useMutation(trpc.room.unpin.mutationOptions({ onSuccess: reread }));
  if (shown.pins.length === 0) return <p className="text-muted">Nothing is pinned yet.</p>;
  return (
    <ol className="flex flex-col gap-1" aria-label="Pinned">
      {shown.pins.map(({ id, kind, words, pinnedBy, studyId, isThere }) => {
        const study = shown.studies.find((one) => one.studyId === studyId);
        return (
          <li key={id} className="flex flex-wrap items-baseline gap-3">
            <span>
              {PIN_NAMES[kind]}
              {words ? `: ${words}` : ""}, {study ? `${study.name}, ${asDate(study.date)}` : "a study"} (
              {pinnedBy})
            </span>
            {isThere ? null : <Badge tone="danger">Can't be shown: corrected, rejected or moved</Badge>}
            {shown.may.review ? (
              <Button
                disabled={unpin.isPending}
                onClick={() => unpin.mutate({ caseId: shown.caseId, pinId: id })}
              >
                Take off
              </Button>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}

function Review({ shown }: { shown: ShownCase }) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const mine = shown.preparations.find(({ isMine }) => isMine);
  const [version, setVersion] = useState(mine?.version ?? 0);
  const [review, setReview] = useState(mine?.review ?? "");
  const [theirs, setTheirs] = useState<string>();
  const save = useMutation(
    trpc.room.saveReview.mutationOptions({
      onSuccess({ isKept, stands }) {
        setVersion(stands.version);
        setTheirs(isKept ? undefined : stands.review);
        void reread();
      },
    }),
  );
  const prepare = useMutation(trpc.room.markPrepared.mutationOptions({ onSuccess: reread }));
  // Against all that stands now: whichever report is amended after, the case says so.
  const prepared = shown.studies.slice(0, MOST_STUDIES);
  const isPrepared = mine?.preparedAt !== undefined;
  return (
    <>
      <TextArea
        label="Your review"
        value={review}
        maxLength={8000}
        onChange={(event) => setReview(event.target.value)}
      />
      {theirs === undefined ? null : (
        <Notice tone="amber" title="You wrote another review in another window">
          <p className="whitespace-pre-wrap">{theirs}</p>
          <p>Nothing is lost: what you typed is above. Save again to put it in its place.</p>
        </Notice>
      )}
      <p className="flex flex-wrap gap-3">
        <Button
          disabled={save.isPending}
          onClick={() => save.mutate({ caseId: shown.caseId, version, review })}
        >
          Save the review
        </Button>
        <Button
          tone="main"
          disabled={prepare.isPending}
          onClick={() =>
            prepare.mutate({
              caseId: shown.caseId,
              isPrepared: !isPrepared,
              studyIds: isPrepared ? [] : prepared.map(({ studyId }) => studyId),
            })
          }
        >
          {isPrepared ? "Not prepared after all" : "Mark as prepared"}
        </Button>
      </p>
      {[save.error, prepare.error].map((error) =>
        error ? (
          <p key={error.message} role="alert">
            {errorText(error)}
          </p>
        ) : null,
      )}
    </>
  );
}

/** What was prepared of a case, by whom, and whether what it was prepared against still stands. */
export function PreparePanel({ shown }: { shown: ShownCase }) {
  const changed = shown.preparations.filter(({ changedReports }) => changedReports.length > 0);
  return (
    <section aria-label="Prepared" className="flex flex-col gap-3">
      <h2>Prepared</h2>
      {changed.map(({ by }) => (
        <Notice key={by} tone="amber" title={`A report changed since ${by} prepared this case`} />
      ))}
      {shown.preparations.map(({ by, review, preparedAt }) => (
        <div key={by}>
          <p className="flex items-baseline gap-3">
            <strong>{by}</strong>
            <Badge tone={preparedAt ? "green" : "amber"}>{preparedAt ? "Prepared" : "Not prepared"}</Badge>
          </p>
          <p className="whitespace-pre-wrap">{review}</p>
        </div>
      ))}
      <Pins shown={shown} />
      {shown.may.review ? <Review shown={shown} /> : null}
      <h3>Studies</h3>
      <Studies shown={shown} />
    </section>
  );
}
