"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { buttonClass } from "#features/shell/button-class.ts";
import { errorText } from "#features/shell/error-text.ts";
import { useTRPC } from "#features/shell/trpc.tsx";

/** Makes of this window the room's display. There is no way back but signing in again, so it is asked. */
export function BeginDisplay({ meetingId }: { meetingId: string }) {
  const trpc = useTRPC();
  const [isAsked, setAsked] = useState(false);
  const begin = useMutation(
    trpc.room.beginDisplay.mutationOptions({
      // A page of its own: nothing that this one held goes with it.
      onSuccess: () => window.location.replace(`/meetings/${meetingId}/display`),
    }),
  );
  if (!isAsked) return <Button onClick={() => setAsked(true)}>Lock as display …</Button>;
  return (
    <fieldset aria-label="Lock as display" className="flex flex-wrap items-center gap-2">
      For 8 hours this browser shows only this list, and your other pages of Weald in it close.
      <Button tone="main" disabled={begin.isPending} onClick={() => begin.mutate({ meetingId })}>
        Lock it
      </Button>
      <Button onClick={() => setAsked(false)}>Not now</Button>
      {begin.error ? <span role="alert">{errorText(begin.error)}</span> : null}
    </fieldset>
  );
}

/** A form: it leaves also where the page's code doesn't run. */
export const LeaveDisplay = () => (
  <form method="post" action="/api/sign-out">
    <button type="submit" className={buttonClass()}>
      Leave the display
    </button>
  </form>
);
