"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { asDate } from "#features/shell/dates.ts";
import { Page, Panel } from "#features/shell/page.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { OutcomePanel } from "./outcome-panel.tsx";
import { PreparePanel } from "./prepare-panel.tsx";
import type { ShownCase } from "./shown-case.ts";

/** A case of a meeting, to prepare before it and to come back to after it. */
export function CasePage({ first, isDemonstration }: { first: ShownCase; isDemonstration: boolean }) {
  const trpc = useTRPC();
  const { caseId } = first;
  const { data = first } = useQuery(trpc.room.readCase.queryOptions({ caseId }, { initialData: first }));
  return (
    <Page title={`Case of ${data.meeting}, ${asDate(data.heldOn)}`} lead={data.question}>
      {data.patient ? (
        <div className="rounded bg-bar px-4 py-2 text-on-bar">
          <PatientBanner patient={data.patient} now={new Date()} />
        </div>
      ) : null}
      <p>
        <Link href={`/meetings/${data.meetingId}/room`} prefetch={false} className="text-accent underline">
          Into the room
        </Link>
      </p>
      <div className="grid gap-4 lg:grid-cols-2">
        <Panel className="p-4">
          <PreparePanel shown={data} />
        </Panel>
        <Panel className="p-4">
          <OutcomePanel shown={data} isDemonstration={isDemonstration} />
        </Panel>
      </div>
    </Page>
  );
}
