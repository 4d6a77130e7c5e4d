"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { EventForm } from "./event-form.tsx";
import type { Asked } from "./event-question.ts";
import { EventTable } from "./event-table.tsx";
import { ExportEvents } from "./export-events.tsx";

type List = Outputs["review"]["listEvents"];

/** The officer's question, its answer in pages by key, and the same as a file. */
export function Events({ organisations }: { organisations: Outputs["organisation"]["list"] }) {
  const trpc = useTRPC();
  const [asked, setAsked] = useState<Asked>();
  const [pages, setPages] = useState<List[]>([]);
  const list = useMutation(
    trpc.review.listEvents.mutationOptions({
      onSuccess: (page, { before }) => setPages((known) => (before ? [...known, page] : [page])),
    }),
  );
  function ask(question: Asked) {
    setAsked(question);
    list.mutate(question);
  }
  const next = pages.at(-1)?.next;
  const events = pages.flatMap((page) => page.events);
  return (
    <>
      <EventForm isBusy={list.isPending} onAsk={ask} />
      <Failed title="That can't be asked" error={list.error} />
      {pages.length > 0 ? (
        <Panel>
          <EventTable
            events={events}
            patients={pages.flatMap((page) => page.patients)}
            names={Object.assign({}, ...pages.map((page) => page.names))}
            organisations={organisations}
          />
        </Panel>
      ) : null}
      {pages.length > 0 ? (
        <p role="status" className="text-sm text-muted">
          {events.length} {events.length === 1 ? "event" : "events"} shown{next ? ", older ones below" : ""}
        </p>
      ) : null}
      <div className="flex flex-wrap gap-3">
        {asked && next ? (
          <Button disabled={list.isPending} onClick={() => list.mutate({ ...asked, before: next })}>
            Show older events
          </Button>
        ) : null}
        {asked && events.length > 0 ? <ExportEvents asked={asked} /> : null}
      </div>
    </>
  );
}
