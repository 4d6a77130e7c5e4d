"use client";
import { useEffect, useSyncExternalStore } from "react";
import { Button } from "#features/shell/button.tsx";
import { OnEveryScreen } from "#features/shell/on-every-screen.tsx";
import { useSessionKeeper, useTRPCClient } from "#features/shell/trpc.tsx";
import { Cover } from "./cover.tsx";
import type { SessionView } from "./session-keeper.ts";
import { signInAgain } from "./sign-in-again.ts";

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "Europe/London",
});

type Standing = Parameters<ReturnType<typeof useSessionKeeper>["begin"]>[0];
type Props = {
  standing: Standing;
  name: string;
  organisation: string;
  /** The page came locked and holds nothing: it is fetched again once it is open. */
  isEmpty?: boolean;
};

const BAR =
  "fixed inset-x-0 bottom-0 z-50 flex flex-wrap items-center justify-center gap-4 border-t-4 px-4 py-2 text-ink";

function Warnings({ view }: { view: SessionView }) {
  const { due, endsAt } = view;
  if (due.locksInSeconds !== undefined)
    return (
      <p role="alert" className={`${BAR} border-amber bg-amber-soft`}>
        <span>
          Nobody uses this page. It locks in <strong>{due.locksInSeconds} s</strong>; move the mouse or press
          a key to go on.
        </span>
      </p>
    );
  if (!due.endsSoon) return null;
  return (
    <div role="status" className={`${BAR} border-info bg-info-soft`}>
      <span>
        Your session ends at <strong>{CLOCK.format(endsAt)}</strong>. Sign in again before: it keeps your
        place.
      </span>
      <Button onClick={signInAgain}>Sign in again</Button>
    </div>
  );
}

/** On every page that wants a session: its lock, the end of the shift, and a sign-out that happens elsewhere. */
export function SessionGuard({ standing, name, organisation, isEmpty = false }: Props) {
  const keeper = useSessionKeeper();
  const client = useTRPCClient();
  const view = useSyncExternalStore(keeper.subscribe, keeper.view, keeper.view);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the page came with is where the keeper begins, once
  useEffect(
    () =>
      keeper.begin(standing, {
        read: () => client.identity.readSession.query({}),
        touch: () => client.identity.touchSession.mutate({}),
        lock: (why) => client.identity.lockSession.mutate({ why }),
      }),
    [],
  );
  const isOpen = view.state === "alive";
  useEffect(() => {
    if (isEmpty && isOpen && view.endsAt !== Number.POSITIVE_INFINITY) window.location.reload();
  }, [isEmpty, isOpen, view.endsAt]);
  if (isOpen)
    return (
      <OnEveryScreen>
        <Warnings view={view} />
      </OnEveryScreen>
    );
  if (view.state === "ended")
    return (
      <Cover title="You were signed out" action="Sign in again">
        <p>Nothing more is shown here.</p>
      </Cover>
    );
  const isOver = view.endsAt <= Date.now();
  return (
    <Cover
      title={isOver ? "Your session has ended" : "This page is locked"}
      action={isOver ? "Sign in again" : "Unlock: prove who you are"}
    >
      <p>
        {isOver
          ? `A session lasts one shift; this one ended at ${CLOCK.format(view.endsAt)}.`
          : "Nobody used it for a while, or it was locked on another page."}
      </p>
      <p>
        It comes back as it was for <strong>{name}</strong>, for <strong>{organisation}</strong>. Whoever else
        signs in begins anew.
      </p>
    </Cover>
  );
}
