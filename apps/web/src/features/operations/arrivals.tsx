import { Badge } from "#features/shell/badge.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";
import { Fact, Facts } from "./figures.tsx";
import { atClock, inCount, inTime } from "./words.ts";

type Read = Outputs["operations"]["readArrivals"];
type Delay = Read["lastDay"];

/** The alarm of the queue rings at the same age. */
const LATE_SECONDS = 900;

function DelayWords({ delay: { counted, medianSeconds, p95Seconds } }: { delay: Delay }) {
  if (counted === 0 || medianSeconds === undefined || p95Seconds === undefined) return "nothing came";
  return (
    <>
      {inTime(medianSeconds)}, 95 in 100 within {inTime(p95Seconds)}{" "}
      {p95Seconds > LATE_SECONDS ? <Badge tone="amber">late</Badge> : null}
    </>
  );
}

/** What came by the hour, and how long it took until it could be opened. */
export function Arrivals({ hours, lastDay, lastHour }: Read) {
  const most = Math.max(1, ...hours.map(({ instances }) => instances));
  const [instances, studies] = [
    hours.reduce((sum, hour) => sum + hour.instances, 0),
    hours.reduce((sum, hour) => sum + hour.studies, 0),
  ];
  return (
    <>
      <Facts>
        <Fact name="Images in 24 hours">{inCount(instances)}</Fact>
        <Fact name="From sent to listed, last hour">
          <DelayWords delay={lastHour} />
        </Fact>
        <Fact name="From sent to listed, 24 hours">
          <DelayWords delay={lastDay} />
        </Fact>
      </Facts>
      {studies === 0 ? <p>Your trust sent nothing in the last 24 hours.</p> : null}
      <table className="w-full text-left">
        <caption className="sr-only">Studies and images that came, by the hour</caption>
        <thead>
          <tr className="border-b border-line">
            <th scope="col" className="py-1 pr-3">
              From
            </th>
            <th scope="col" className="py-1 pr-3 text-right">
              Studies
            </th>
            <th scope="col" className="py-1 pr-3 text-right">
              Images
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {hours.map(({ hour, ...came }) => (
            <tr key={hour}>
              <th scope="row" className="pr-3 font-normal tabular-nums">
                {atClock(hour)}
              </th>
              <td className="pr-3 text-right tabular-nums">{inCount(came.studies)}</td>
              <td className="pr-3 text-right tabular-nums">{inCount(came.instances)}</td>
              <td aria-hidden className="w-1/2">
                <div className="h-2 rounded bg-info" style={{ width: `${(100 * came.instances) / most}%` }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
