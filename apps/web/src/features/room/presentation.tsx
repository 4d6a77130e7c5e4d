"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { Attendance } from "./attendance.tsx";
import { CaseList } from "./case-list.tsx";
import { BeginDisplay, LeaveDisplay } from "./display-buttons.tsx";
import { OneCase } from "./one-case.tsx";
import type { RoomProps } from "./shown-case.ts";
import { useAhead } from "./use-ahead.ts";
import { useKept, useLooks } from "./use-kept.ts";
import { useLostSince } from "./use-lost.ts";
import { usePlace } from "./use-place.ts";
import { useRoomKeys } from "./use-room-keys.ts";

type Listed = Outputs["room"]["listCases"];
type Side = "list" | "present" | undefined;
const LIST_EVERY_MS = 10_000;

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

function Lost({ at, kept, cases }: { at: Date | undefined; kept: number; cases: number }) {
  if (!at) return null;
  return (
    <p role="status" className="bg-amber-soft px-4 py-1 font-semibold text-amber">
      Connection lost {asMoment(at.toISOString())}, showing what was prepared: {kept} of {cases} cases are
      kept here. What is typed can't be saved until it is back.
    </p>
  );
}

type Placing = ReturnType<typeof usePlace>;

/** Who presents and who follows. */
function Presenting({ placing, as }: { placing: Placing; as: RoomProps["as"] }) {
  const { mode, presenter, present, follow, end } = placing;
  return (
    <>
      {as === "room" && mode === "presenting" ? <Button onClick={end}>Stop presenting</Button> : null}
      {as === "room" && mode !== "presenting" ? <Button onClick={present}>Present</Button> : null}
      {presenter && mode !== "following" ? <Button onClick={follow}>Follow {presenter}</Button> : null}
      {mode === "following" ? (
        <span role="status">
          {presenter ? `Following ${presenter}` : "Nobody presents now"}{" "}
          <Button onClick={end}>Stop following</Button>
        </span>
      ) : null}
    </>
  );
}

type BarProps = {
  listed: Listed;
  placing: Placing;
  index: number;
  to(nth: number): void;
  side: Side;
  onSide(side: Side): void;
  as: RoomProps["as"];
};

function Bar({ listed, placing, index, to, side, onSide, as }: BarProps) {
  const router = useRouter();
  const turnTo = (one: Side) => onSide(side === one ? undefined : one);
  const leave = () => {
    placing.end();
    router.push(listed.meeting.kind === "meeting" ? "/prepare" : "/meetings");
  };
  const { meeting, cases } = listed;
  return (
    <div className="flex flex-wrap items-center gap-3 px-4 py-1">
      <h1 className="text-base">
        {meeting.name}, {asDate(meeting.heldOn)}
      </h1>
      <span data-testid="room-place">
        Case {index + 1} of {cases.length}
      </span>
      <Button onClick={() => to(index - 1)} disabled={index <= 0}>
        Previous [
      </Button>
      <Button onClick={() => to(index + 1)} disabled={index >= cases.length - 1}>
        Next ]
      </Button>
      <Button aria-pressed={side === "list"} onClick={() => turnTo("list")}>
        Cases
      </Button>
      {as === "room" && meeting.kind === "meeting" ? (
        <Button aria-pressed={side === "present"} onClick={() => turnTo("present")}>
          Who is present
        </Button>
      ) : null}
      <Presenting placing={placing} as={as} />
      <span className="ml-auto flex flex-wrap gap-3">
        {as === "display" ? (
          <LeaveDisplay />
        ) : (
          <>
            {meeting.mayDisplay ? <BeginDisplay meetingId={meeting.meetingId} /> : null}
            <Button onClick={leave}>Leave the room</Button>
          </>
        )}
      </span>
    </div>
  );
}

/** A meeting on the screen: case by case, by key, each with its own patient's banner, what was prepared, and the outcome beside. */
export function Presentation({ first, at, ...room }: RoomProps & { first: Listed; at: string | undefined }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  useAlone();
  const { meetingId } = first.meeting;
  const { data: listed = first } = useQuery(
    trpc.room.listCases.queryOptions(
      { meetingId },
      { initialData: first, refetchInterval: LIST_EVERY_MS, gcTime: Number.POSITIVE_INFINITY },
    ),
  );
  const placing = usePlace(listed, room.as, at);
  const { place, go, isUnreached } = placing;
  const lostAt = useLostSince(isUnreached);
  const isLost = lostAt !== undefined;
  const kept = useKept(listed.cases, isLost);
  useLooks(place.caseId, isLost);
  const [side, setSide] = useState<Side>();
  const index = listed.cases.findIndex(({ caseId }) => caseId === place.caseId);
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
  return (
    <div className="fixed inset-0 z-30 flex flex-col bg-surface text-ink">
      {room.isDemonstration ? (
        <p className="bg-amber-soft text-center text-xs font-semibold text-amber">
          DEMONSTRATION: patients and staff are invented
        </p>
      ) : null}
      <Lost at={lostAt} kept={kept.size} cases={listed.cases.length} />
      <Bar {...{ listed, placing, index, to, side }} onSide={setSide} as={room.as} />
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
            kept={kept.get(place.caseId)}
            isLost={isLost}
            onPin={(pinId) => go({ caseId: place.caseId, pinId })}
          />
        ) : (
          <p className="p-6">This list has no cases.</p>
        )}
      </div>
    </div>
  );
}
