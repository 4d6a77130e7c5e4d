"use client";
import { useQuery } from "@tanstack/react-query";
import { Notice } from "#features/shell/notice.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { Arrivals } from "./arrivals.tsx";
import { Figures } from "./figures.tsx";
import { Gateways } from "./gateways.tsx";
import { Queues } from "./queues.tsx";
import { Storage } from "./storage.tsx";
import { Waiting } from "./waiting.tsx";

/** Read again each minute, in place: nothing moves but the figures. */
const EACH_MINUTE = { refetchInterval: 60_000, retry: false } as const;

const TITLES = {
  arrivals: "What came",
  waiting: "What failed or waits",
  queues: "Queues",
  gateways: "Gateways",
  storage: "Storage",
} as const;

function useFigures(first: Outputs["operations"]["readArrivals"] | undefined) {
  const { operations } = useTRPC();
  return {
    arrivals: useQuery(
      operations.readArrivals.queryOptions({}, { ...EACH_MINUTE, ...(first ? { initialData: first } : {}) }),
    ),
    waiting: useQuery(operations.readWaiting.queryOptions({}, EACH_MINUTE)),
    queues: useQuery(operations.readQueues.queryOptions({}, EACH_MINUTE)),
    gateways: useQuery(operations.readGateways.queryOptions({}, EACH_MINUTE)),
    storage: useQuery(operations.readStorage.queryOptions({}, EACH_MINUTE)),
  };
}

const SOURCES = [
  "arrivals",
  "waiting",
  "queues",
  "gateways",
  "storage",
] as const satisfies (keyof typeof TITLES)[];

/** The figures of one trust, each source by itself: what one doesn't answer leaves the others standing. */
export function Operations({ first }: { first: Outputs["operations"]["readArrivals"] | undefined }) {
  const asked = useFigures(first);
  const failed = SOURCES.filter((source) => asked[source].error).map((source) => TITLES[source]);
  return (
    <>
      {failed.length > 0 && failed.length < SOURCES.length ? (
        <Notice tone="amber" title={`Not all figures could be read: ${failed.join(", ")}`}>
          The others stand. It tries again each minute.
        </Notice>
      ) : null}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="flex flex-col gap-4">
          <Figures title={TITLES.waiting} asked={asked.waiting}>
            {Waiting}
          </Figures>
          <Figures title={TITLES.queues} asked={asked.queues}>
            {Queues}
          </Figures>
          <div id="gateways">
            <Figures title={TITLES.gateways} asked={asked.gateways}>
              {Gateways}
            </Figures>
          </div>
          <Figures title={TITLES.storage} asked={asked.storage}>
            {Storage}
          </Figures>
        </div>
        <Figures title={TITLES.arrivals} asked={asked.arrivals}>
          {Arrivals}
        </Figures>
      </div>
    </>
  );
}
