import { Badge } from "#features/shell/badge.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";
import { inCount, inTime, since } from "./words.ts";

type Read = Outputs["operations"]["readQueues"];
type Queue = Read["queues"][number];

const LATE_SECONDS = 900;

const WORDS: Record<string, { name: string; isDead?: true; lateSeconds?: number }> = {
  UrgentArrivals: { name: "Urgent images and messages to take in" },
  Arrivals: { name: "Images and messages to take in" },
  BulkArrivals: { name: "History to take in, when there is nothing else to do", lateSeconds: 86_400 },
  Facts: { name: "News to pass on to meetings, gateways and reports" },
  UrgentArrivalsDeadLetters: {
    name: "Urgent ones that could not be taken in after five tries",
    isDead: true,
  },
  BulkArrivalsDeadLetters: { name: "History that could not be taken in after five tries", isDead: true },
  ArrivalsDeadLetters: { name: "Could not be taken in after five tries", isDead: true },
  FactsDeadLetters: { name: "Could not be passed on after five tries", isDead: true },
};

function State({
  waiting,
  oldestSeconds,
  isDead,
  lateSeconds,
}: Queue & { isDead: boolean; lateSeconds: number }) {
  if (waiting === 0) return <Badge tone="green">nothing waits</Badge>;
  if (isDead) return <Badge tone="danger">needs whoever runs Weald</Badge>;
  if ((oldestSeconds ?? 0) > lateSeconds) return <Badge tone="amber">late</Badge>;
  return <Badge tone="info">on its way</Badge>;
}

/** The region's queues: all trusts share them. */
export function Queues({ queues, untold, asOf }: Read) {
  return (
    <>
      <p className="text-muted">
        All trusts of the region share these queues. Nothing in them is lost. What failed five times is
        started again by whoever runs Weald: the runbook says how.
      </p>
      <ul className="flex flex-col gap-3">
        {queues.map((queue) => {
          const {
            name,
            isDead = false,
            lateSeconds = LATE_SECONDS,
          } = WORDS[queue.queue] ?? { name: queue.queue };
          return (
            <li
              key={queue.queue}
              className="flex flex-wrap items-baseline justify-between gap-x-4 border-line border-b pb-2"
            >
              <span>{name}</span>
              <span className="tabular-nums">
                {inCount(queue.waiting)}
                {queue.oldestSeconds === undefined ? "" : `, the oldest for ${inTime(queue.oldestSeconds)}`}{" "}
                <State {...{ ...queue, isDead, lateSeconds }} />
              </span>
            </li>
          );
        })}
        <li className="flex flex-wrap items-baseline justify-between gap-x-4">
          <span>News that waits to be put into its queue</span>
          <span className="tabular-nums">
            {inCount(untold.count)}
            {untold.oldest ? `, the oldest for ${since(untold.oldest, asOf)}` : ""}
          </span>
        </li>
      </ul>
    </>
  );
}
