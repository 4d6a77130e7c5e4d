"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";

/** One's own sessions that are not over; each but this one can be ended from here. */
export function MySessions() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const list = useQuery(trpc.identity.listMySessions.queryOptions({}));
  const end = useMutation(
    trpc.identity.endSession.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.identity.listMySessions.queryKey() }),
    }),
  );
  const error = list.error ?? end.error;
  return (
    <>
      <Failed title="That didn't work" error={error} />
      {list.isPending ? <p role="status">Loading …</p> : null}
      <ul className="flex max-w-3xl flex-col gap-3">
        {(list.data ?? []).map((one) => (
          <li
            key={one.sessionId}
            className="flex flex-wrap items-center gap-4 rounded border border-line bg-panel px-4 py-3"
          >
            <span>
              For <strong>{one.organisation}</strong>, since {asMoment(one.signedInAt)}, last used{" "}
              {asMoment(one.lastSeenAt)}
            </span>
            {one.isLocked ? <Badge tone="unknown">Locked</Badge> : null}
            {one.isThis ? (
              <Badge tone="green">This page</Badge>
            ) : (
              <Button
                className="ml-auto"
                disabled={end.isPending}
                onClick={() => end.mutate({ sessionId: one.sessionId })}
              >
                End it
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
