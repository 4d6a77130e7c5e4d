"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { nameOf, PatientBanner } from "#features/shell/patient-banner.tsx";
import { type Outputs, useTRPC, useTRPCClient } from "#features/shell/trpc.tsx";
import { aheadSource } from "#features/study/frame-source.ts";
import { Attendance } from "./attendance.tsx";
import { OutcomePanel } from "./outcome-panel.tsx";
import { PreparePanel } from "./prepare-panel.tsx";
import { PIN_NAMES, type RoomProps } from "./shown-case.ts";
import { Stage } from "./stage.tsx";

type Listed = Outputs["room"]["listCases"];
const FOLLOW_EVERY_MS = 2000;
const LIST_EVERY_MS = 10_000;
const CASE_EVERY_MS = 5000;

/** What lies behind takes no focus and is not read out: nothing else tells of itself in the room. */
function useAlone(): void {
  useEffect(() => {
    const shell = document.querySelectorAll("[data-shell]");
    for (const part of shell) part.setAttribute("inert", "");
    return () => {
      for (const part of shell) part.removeAttribute("inert");
    };
  }, []);
}

/** Whether the browser has its network, and since when it hasn't. */
function useLostSince(): Date | undefined {
  const [lostAt, setLostAt] = useState<Date>();
  useEffect(() => {
    const lost = () => setLostAt(new Date());
    const back = () => setLostAt(undefined);
    if (!navigator.onLine) lost();
    window.addEventListener("offline", lost);
    window.addEventListener("online", back);
    return () => {
      window.removeEventListener("offline", lost);
      window.removeEventListener("online", back);
    };
  }, []);
  return lostAt;
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;

/** Keys of the room, before those of the viewer: ] and [ the next and the previous case, ' and ; the next and the previous view. */
function useRoomKeys(commands: Record<string, () => void>): void {
  const newest = useRef(commands);
  newest.current = commands;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const command = newest.current[event.key];
      if (!command) return;
      event.preventDefault();
      event.stopPropagation();
      command();
    };
    window.addEventListener("keydown", pressed, { capture: true });
    return () => window.removeEventListener("keydown", pressed, { capture: true });
  }, []);
}

type Place = { caseId: string | undefined; pinId: string | undefined };

/**
 * Where this window is: by its own keys; by the presenter's, while it follows. A presenter tells each step with a higher number, so
 * that whoever follows ends on the case that was called last.
 */
function usePlace(listed: Listed) {
  const trpc = useTRPC();
  const { meetingId } = listed.meeting;
  const [place, setPlace] = useState<Place>({ caseId: listed.cases[0]?.caseId, pinId: undefined });
  const [mode, setMode] = useState<"own" | "presenting" | "following">("own");
  const step = useRef(0);
  const asked = useQuery(
    trpc.room.follow.queryOptions({ meetingId }, { refetchInterval: FOLLOW_EVERY_MS, staleTime: 0 }),
  );
  const now = asked.data;
  const tell = useMutation(trpc.room.present.mutationOptions());
  const say = useCallback(
    (to: Place, isOver = false) => {
      step.current += 1;
      const { caseId, pinId } = to;
      tell.mutate({ meetingId, caseId, pinId, step: step.current, isOver });
    },
    [meetingId, tell.mutate],
  );
  useEffect(() => {
    if (now) step.current = Math.max(step.current, now.step);
  }, [now]);
  useEffect(() => {
    if (mode !== "following" || !now?.isPresenting || !now.caseId) return;
    setPlace({ caseId: now.caseId, pinId: now.pinId });
  }, [mode, now]);
  // Somebody else presents now: this window presents no more.
  useEffect(() => {
    if (mode === "presenting" && now?.isPresenting && !now.isMe && now.step >= step.current) setMode("own");
  }, [mode, now]);
  const go = (to: Place) => {
    setPlace(to);
    if (mode === "following") setMode("own");
    if (mode === "presenting") say(to);
  };
  return {
    ...{ place, go, mode, presenter: now?.isPresenting && !now.isMe ? now.presenter : undefined },
    present() {
      setMode("presenting");
      say(place);
    },
    follow: () => setMode("following"),
    end() {
      if (mode === "presenting") say({ caseId: undefined, pinId: undefined }, true);
      setMode("own");
    },
  };
}

type Ahead = Outputs["room"]["readAhead"];

/** What a place shows of a case: the pin that was chosen, else the first, else its newest study. */
export function shownAt(shown: Ahead, pinId: string | undefined) {
  const pins = shown.pins.filter(({ isThere }) => isThere);
  const pin = pins.find(({ id }) => id === pinId) ?? pins[0];
  const newest = shown.studies.find(({ firstSeriesId }) => firstSeriesId);
  const studyId = pin?.studyId ?? newest?.studyId;
  return studyId
    ? { studyId, pinId: pin?.id, viewId: pin?.kind === "view" ? pin.markId : undefined }
    : undefined;
}

/** Brings the next case's facts and its first image here before it is called. It counts as fetched ahead, not as displayed. */
function useAhead(caseId: string | undefined): void {
  const client = useTRPCClient();
  useEffect(() => {
    if (!caseId) return;
    let isOver = false;
    const fetchIt = async () => {
      const next = await client.room.readAhead.query({ caseId });
      const at = shownAt(next, undefined);
      const seriesId = next.studies.find(({ studyId }) => studyId === at?.studyId)?.firstSeriesId;
      if (isOver || !at || !seriesId) return;
      const { fetchAhead } = await import("#viewer/frames/fetch-ahead.ts");
      await fetchAhead({ source: aheadSource(client, at.studyId), seriesId });
    };
    // The case itself says so where it can't be had.
    fetchIt().catch(() => {});
    return () => {
      isOver = true;
    };
  }, [caseId, client]);
}

type CaseProps = RoomProps & { caseId: string; pinId: string | undefined; onPin(pinId: string): void };

function OneCase({ caseId, pinId, onPin, ...room }: CaseProps) {
  const trpc = useTRPC();
  const [panel, setPanel] = useState<"outcome" | "prepared">("outcome");
  const found = useQuery(
    trpc.room.readCase.queryOptions({ caseId }, { refetchInterval: CASE_EVERY_MS, retry: false }),
  );
  const shown = found.data;
  // Never another case's answer under this one's place.
  if (!shown || shown.caseId !== caseId)
    return (
      <div className="grow p-6">
        {found.error ? (
          <Notice tone="danger" title="This case can't be shown">
            {errorText(found.error)}
          </Notice>
        ) : (
          <p role="status">Loading the case …</p>
        )}
      </div>
    );
  const at = shownAt(shown, pinId);
  return (
    <div className="flex min-h-0 grow flex-col" data-testid="room-case" data-case={caseId}>
      <div className="bg-bar px-4 py-1 text-on-bar">
        {shown.patient ? (
          <PatientBanner patient={shown.patient} now={new Date()} />
        ) : (
          <p>The patient can't be shown</p>
        )}
      </div>
      <p className="px-4 py-1">
        <strong>{shown.question || "No question was written"}</strong>
        {shown.referrer ? ` (${shown.referrer})` : ""}
      </p>
      {shown.pins.length > 0 ? (
        <ol className="flex flex-wrap gap-2 px-4 pb-1" aria-label="Prepared views">
          {shown.pins.map(({ id, kind, words, isThere }, nth) => (
            <li key={id}>
              <Button aria-pressed={at?.pinId === id} disabled={!isThere} onClick={() => onPin(id)}>
                {nth + 1}. {words || PIN_NAMES[kind]}
              </Button>
            </li>
          ))}
        </ol>
      ) : null}
      <div className="grid min-h-0 grow lg:grid-cols-[1fr_24rem]">
        <div className="relative min-h-80 bg-black">
          {at && shown.patient ? (
            <Stage
              key={`${at.studyId} ${at.viewId ?? ""}`}
              {...room}
              studyId={at.studyId}
              viewId={at.viewId}
              patientId={shown.patient.patientId}
            />
          ) : (
            <p className="p-6 text-white">There are no images of this case that you can see.</p>
          )}
        </div>
        <aside
          aria-label="Beside"
          className="flex min-h-0 flex-col gap-3 overflow-y-auto border-l border-line bg-panel p-3"
        >
          <p className="flex gap-2">
            <Button aria-pressed={panel === "outcome"} onClick={() => setPanel("outcome")}>
              Outcome
            </Button>
            <Button aria-pressed={panel === "prepared"} onClick={() => setPanel("prepared")}>
              Prepared
            </Button>
          </p>
          {/* What is being typed stays while the other is looked at. */}
          <div hidden={panel !== "outcome"}>
            <OutcomePanel key={caseId} shown={shown} isDemonstration={room.isDemonstration} />
          </div>
          {panel === "prepared" ? <PreparePanel key={caseId} shown={shown} /> : null}
        </aside>
      </div>
    </div>
  );
}

function CaseList({
  listed,
  at,
  onGo,
}: {
  listed: Listed;
  at: string | undefined;
  onGo(caseId: string): void;
}) {
  return (
    <ol aria-label="Cases" className="flex flex-col gap-1">
      {listed.cases.map(({ caseId, patient, question, isPrepared, isSigned, outcome }, nth) => (
        <li key={caseId}>
          <button
            type="button"
            aria-current={caseId === at ? "true" : undefined}
            onClick={() => onGo(caseId)}
            className="w-full rounded px-2 py-1 text-left hover:bg-raised aria-[current=true]:bg-raised aria-[current=true]:font-bold"
          >
            {nth + 1}. {patient ? nameOf(patient) : "A restricted record"}
            <span className="block text-sm text-muted">
              {question} · {isPrepared ? "prepared" : "not prepared"}
              {isSigned ? " · signed" : outcome ? " · outcome begun" : ""}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** A meeting on the screen: case by case, by key, each with its own patient's banner, what was prepared, and the outcome beside. */
export function Presentation({ first, ...room }: RoomProps & { first: Listed }) {
  const trpc = useTRPC();
  const router = useRouter();
  useAlone();
  const lostAt = useLostSince();
  const { meetingId } = first.meeting;
  const { data: listed = first } = useQuery(
    trpc.room.listCases.queryOptions(
      { meetingId },
      { initialData: first, refetchInterval: LIST_EVERY_MS, gcTime: Number.POSITIVE_INFINITY },
    ),
  );
  const { place, go, mode, presenter, present, follow, end } = usePlace(listed);
  const [side, setSide] = useState<"list" | "present">();
  const index = listed.cases.findIndex(({ caseId }) => caseId === place.caseId);
  const queries = useQueryClient();
  const to = (nth: number) => {
    const next = listed.cases[nth];
    if (next) go({ caseId: next.caseId, pinId: undefined });
  };
  const turn = (by: number) => {
    const { caseId } = place;
    const shown = caseId ? queries.getQueryData(trpc.room.readCase.queryKey({ caseId })) : undefined;
    const pins = shown?.pins.filter(({ isThere }) => isThere) ?? [];
    const at = Math.max(
      0,
      pins.findIndex(({ id }) => id === place.pinId),
    );
    const pin = pins[at + by];
    if (pin) go({ caseId, pinId: pin.id });
  };
  useRoomKeys({
    "]": () => to(index + 1),
    "[": () => to(index - 1),
    "'": () => turn(1),
    ";": () => turn(-1),
  });
  useAhead(listed.cases[index + 1]?.caseId);
  const leave = () => {
    end();
    router.push("/prepare");
  };
  return (
    <div className="fixed inset-0 z-30 flex flex-col bg-surface text-ink">
      {room.isDemonstration ? (
        <p className="bg-amber-soft text-center text-xs font-semibold text-amber">
          DEMONSTRATION: patients and staff are invented
        </p>
      ) : null}
      {lostAt ? (
        <p role="status" className="bg-amber-soft px-4 py-1 font-semibold text-amber">
          Connection lost {asMoment(lostAt.toISOString())}, showing what is loaded. What is typed can't be
          saved until it is back.
        </p>
      ) : null}
      <div className="flex flex-wrap items-center gap-3 px-4 py-1">
        <h1 className="text-base">
          {listed.meeting.name}, {asDate(listed.meeting.heldOn)}
        </h1>
        <span data-testid="room-place">
          Case {index + 1} of {listed.cases.length}
        </span>
        <Button onClick={() => to(index - 1)} disabled={index <= 0}>
          Previous [
        </Button>
        <Button onClick={() => to(index + 1)} disabled={index >= listed.cases.length - 1}>
          Next ]
        </Button>
        <Button aria-pressed={side === "list"} onClick={() => setSide(side === "list" ? undefined : "list")}>
          Cases
        </Button>
        <Button
          aria-pressed={side === "present"}
          onClick={() => setSide(side === "present" ? undefined : "present")}
        >
          Who is present
        </Button>
        {mode === "presenting" ? (
          <Button onClick={end}>Stop presenting</Button>
        ) : (
          <Button onClick={present}>Present</Button>
        )}
        {presenter && mode !== "following" ? <Button onClick={follow}>Follow {presenter}</Button> : null}
        {mode === "following" ? (
          <span role="status">
            {presenter ? `Following ${presenter}` : "Nobody presents now"}{" "}
            <Button onClick={end}>Stop following</Button>
          </span>
        ) : null}
        <Button className="ml-auto" onClick={leave}>
          Leave the room
        </Button>
      </div>
      <div className="flex min-h-0 grow">
        {side ? (
          <aside className="w-72 shrink-0 overflow-y-auto border-r border-line bg-panel p-2">
            {side === "list" ? (
              <CaseList
                listed={listed}
                at={place.caseId}
                onGo={(caseId) => go({ caseId, pinId: undefined })}
              />
            ) : (
              <Attendance listed={listed} caseId={place.caseId} />
            )}
          </aside>
        ) : null}
        {place.caseId ? (
          <OneCase
            key={place.caseId}
            {...room}
            caseId={place.caseId}
            pinId={place.pinId}
            onPin={(pinId) => go({ caseId: place.caseId, pinId })}
          />
        ) : (
          <p className="p-6">This list has no cases.</p>
        )}
      </div>
    </div>
  );
}
