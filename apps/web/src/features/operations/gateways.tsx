import { Badge } from "#features/shell/badge.tsx";
import { asMoment } from "#features/shell/dates.ts";
import type { Outputs } from "#features/shell/trpc.tsx";
import { Fact, Facts } from "./figures.tsx";
import { inBytes, inCount, since } from "./words.ts";

type Read = Outputs["operations"]["readGateways"];
type Gateway = Read["gateways"][number];

function Link({ gateway: { link, isRefusing } }: { gateway: Gateway }) {
  if (link === "silent") return <Badge tone="danger">not heard</Badge>;
  if (isRefusing) return <Badge tone="danger">disk full, takes nothing in</Badge>;
  if (link === "in-trouble") return <Badge tone="amber">can't send on</Badge>;
  return <Badge tone="green">connected</Badge>;
}

function OneGateway({ gateway, asOf }: { gateway: Gateway; asOf: string }) {
  const { clientId, version, toldAt, waitingCount, waitingBytes, oldestWaitingAt } = gateway;
  return (
    <li className="flex flex-col gap-2 border-line border-b pb-3">
      <h3 className="flex flex-wrap items-baseline gap-2">
        {clientId} <Link gateway={gateway} />
      </h3>
      <Facts>
        <Fact name="Last heard">
          {since(toldAt, asOf)} ago, {asMoment(toldAt)}
        </Fact>
        <Fact name="Version">{version}</Fact>
        <Fact name="Waits to be sent on">
          {inCount(waitingCount)} ({inBytes(waitingBytes)})
          {oldestWaitingAt ? `, the oldest for ${since(oldestWaitingAt, asOf)}` : ""}
        </Fact>
        <Fact name="Free on its disk">{inBytes(gateway.freeBytes)}</Fact>
        {gateway.troubleCode ? (
          <Fact name="Trouble">
            {gateway.troubleCode}
            {gateway.troubleSince ? `, for ${since(gateway.troubleSince, asOf)}` : ""}
          </Fact>
        ) : null}
      </Facts>
    </li>
  );
}

/** How the trust's gateways stood when they said so last. */
export function Gateways({ gateways, asOf }: Read) {
  if (gateways.length === 0) return <p>No gateway of your trust has told the region how it stands.</p>;
  return (
    <>
      <p className="text-muted">
        Each tells the region every minute. One that isn't heard keeps what it takes in and sends it once the
        line is back.
      </p>
      <ul className="flex flex-col gap-3">
        {gateways.map((gateway) => (
          <OneGateway key={gateway.clientId} {...{ gateway, asOf }} />
        ))}
      </ul>
    </>
  );
}
