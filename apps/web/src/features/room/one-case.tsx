"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { type ApiError, useTRPC } from "#features/shell/trpc.tsx";
import { About } from "./about-case.tsx";
import { KeptCase } from "./kept-case.tsx";
import { OutcomePanel } from "./outcome-panel.tsx";
import { PreparePanel } from "./prepare-panel.tsx";
import { shownAt } from "./shown-at.ts";
import { PIN_NAMES, type RoomProps, type ShownCase } from "./shown-case.ts";
import { Stage } from "./stage.tsx";
import type { Kept } from "./use-kept.ts";

const CASE_EVERY_MS = 5000;

type CaseProps = RoomProps & {
  caseId: string;
  pinId: string | undefined;
  /** What was kept of it, for when the network is lost. */
  kept: Kept | undefined;
  isLost: boolean;
  onPin(pinId: string): void;
};

function Waiting({ error }: { error: Pick<ApiError, "message" | "data"> | null }) {
  return (
    <div className="grow p-6">
      {error ? (
        <Notice tone="danger" title="This case can't be shown">
          {errorText(error)}
        </Notice>
      ) : (
        <p role="status">Loading the case …</p>
      )}
    </div>
  );
}

type Shown = Omit<CaseProps, "caseId" | "kept" | "isLost"> & { shown: ShownCase };

function Pins({ shown, at, onPin }: Pick<Shown, "shown" | "onPin"> & { at: ReturnType<typeof shownAt> }) {
  if (shown.pins.length === 0) return null;
  return (
    <ol className="flex flex-wrap gap-2 px-4 pb-1" aria-label="Prepared views">
      {shown.pins.map(({ id, kind, words, isThere }, nth) => (
        <li key={id}>
          <Button aria-pressed={at?.pinId === id} disabled={!isThere} onClick={() => onPin(id)}>
            {nth + 1}. {words || PIN_NAMES[kind]}
          </Button>
        </li>
      ))}
    </ol>
  );
}

/** Outcome and preparation, beside the images. A display writes nothing, and theatre and clinic decide nothing here. */
function Beside({ shown, isDemonstration }: { shown: ShownCase; isDemonstration: boolean }) {
  const decides = shown.kind === "meeting";
  const [panel, setPanel] = useState<"outcome" | "prepared">(decides ? "outcome" : "prepared");
  return (
    <aside
      aria-label="Beside"
      className="flex min-h-0 flex-col gap-3 overflow-y-auto border-l border-line bg-panel p-3"
    >
      {decides ? (
        <>
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
            <OutcomePanel key={shown.caseId} shown={shown} isDemonstration={isDemonstration} />
          </div>
        </>
      ) : null}
      {panel === "prepared" ? <PreparePanel key={shown.caseId} shown={shown} /> : null}
    </aside>
  );
}

function Live({ shown, pinId, onPin, ...room }: Shown) {
  const at = shownAt(shown, pinId);
  const isDisplay = room.as === "display";
  return (
    <div className="flex min-h-0 grow flex-col" data-testid="room-case" data-case={shown.caseId}>
      <div className="bg-bar px-4 py-1 text-on-bar">
        {shown.patient ? (
          <PatientBanner patient={shown.patient} now={new Date()} />
        ) : (
          <p>The patient can't be shown</p>
        )}
      </div>
      <About shown={shown} />
      <Pins shown={shown} at={at} onPin={onPin} />
      <div className={`grid min-h-0 grow ${isDisplay ? "" : "lg:grid-cols-[1fr_24rem]"}`}>
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
        {isDisplay ? null : <Beside shown={shown} isDemonstration={room.isDemonstration} />}
      </div>
    </div>
  );
}

/** The case that is called: live; as it was kept, where the network was lost before it was called. */
export function OneCase({ caseId, kept, isLost, ...rest }: CaseProps) {
  const trpc = useTRPC();
  const found = useQuery(
    trpc.room.readCase.queryOptions({ caseId }, { refetchInterval: CASE_EVERY_MS, retry: false }),
  );
  // Never another case's answer under this one's place.
  const shown = found.data?.caseId === caseId ? found.data : undefined;
  const [wasLive, setWasLive] = useState(false);
  useEffect(() => {
    if (shown && !isLost) setWasLive(true);
  }, [shown, isLost]);
  if (isLost && !wasLive && kept) return <KeptCase kept={kept} />;
  if (!shown) return <Waiting error={found.error} />;
  return <Live {...rest} shown={shown} />;
}
