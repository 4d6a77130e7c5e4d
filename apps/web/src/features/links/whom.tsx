"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Badge } from "#features/shell/badge.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";

type Props = { patientId: string; chosen: string | undefined; onChoose(proxyId: string | undefined): void };

/** The patient, or somebody who acts for them. */
export function Whom({ patientId, chosen, onChoose }: Props) {
  const trpc = useTRPC();
  const list = useQuery(trpc.links.listProxies.queryOptions({ patientId }));
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="font-medium">To whom</legend>
      <label className="flex items-baseline gap-2">
        <input type="radio" name="whom" checked={chosen === undefined} onChange={() => onChoose(undefined)} />
        The patient
      </label>
      {list.data?.proxies.map(({ proxyId, name, suspendedAt }) => (
        <label key={proxyId} className="flex items-baseline gap-2">
          <input
            type="radio"
            name="whom"
            checked={chosen === proxyId}
            disabled={suspendedAt !== undefined}
            onChange={() => onChoose(proxyId)}
          />
          {name}, who acts for them {suspendedAt ? <Badge tone="amber">Waits for a review</Badge> : null}
        </label>
      ))}
      <p className="text-sm">
        <Link href={`/patients/${patientId}/links`} prefetch={false} className="text-accent underline">
          Who acts for them, contacts, wishes and all links
        </Link>
      </p>
    </fieldset>
  );
}
