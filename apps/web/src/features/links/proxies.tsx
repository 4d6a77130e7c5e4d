"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { ChoiceField, TextField } from "#features/shell/field.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Inputs, type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Proxy = Outputs["links"]["listProxies"]["proxies"][number];
type Basis = Inputs["links"]["saveProxy"]["basis"];

const BASES: readonly (readonly [Basis, string])[] = [
  ["parental-responsibility", "Parental responsibility"],
  ["lasting-power", "Lasting power of attorney"],
  ["deputy", "Deputy of the Court of Protection"],
  ["nomination", "The patient named them"],
];
const basisName = (basis: Basis) => BASES.find(([key]) => key === basis)?.[1] ?? basis;

function AddProxy({ patientId, onDone }: { patientId: string; onDone(): void }) {
  const trpc = useTRPC();
  const [name, setName] = useState("");
  const [basis, setBasis] = useState<Basis>("parental-responsibility");
  const [evidence, setEvidence] = useState("");
  const save = useMutation(
    trpc.links.saveProxy.mutationOptions({
      onSuccess() {
        setName("");
        setEvidence("");
        onDone();
      },
    }),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate({ proxyId: crypto.randomUUID(), patientId, name, basis, evidence });
  }
  return (
    <form onSubmit={submit} aria-label="Add who acts for them" className="grid gap-3 sm:grid-cols-3">
      <TextField
        label="Name"
        value={name}
        maxLength={120}
        onChange={(event) => setName(event.target.value)}
      />
      <ChoiceField label="On which basis" value={basis} choices={BASES} onChoose={setBasis} />
      <TextField
        label="What you saw of it"
        value={evidence}
        maxLength={400}
        onChange={(event) => setEvidence(event.target.value)}
      />
      <Button
        type="submit"
        className="w-fit"
        disabled={name.trim().length < 2 || evidence.trim().length < 3 || save.isPending}
      >
        Add
      </Button>
      <Failed title="It wasn't added" error={save.error} />
    </form>
  );
}

function Item({ proxy, onDone }: { proxy: Proxy; onDone(): void }) {
  const trpc = useTRPC();
  const review = useMutation(trpc.links.reviewProxy.mutationOptions({ onSuccess: onDone }));
  const end = useMutation(trpc.links.endProxy.mutationOptions({ onSuccess: onDone }));
  const { proxyId, name, basis, evidence, seenAt, suspendedAt, suspendedFor } = proxy;
  const error = review.error ?? end.error;
  return (
    <li className="flex flex-wrap items-center gap-2 py-1">
      <span>
        <strong>{name}</strong>, {basisName(basis).toLowerCase()}: {evidence}, seen {asDate(seenAt)}
      </span>
      {suspendedAt ? (
        <>
          <Badge tone="amber">Waits for a review at {suspendedFor}</Badge>
          <Button disabled={review.isPending} onClick={() => review.mutate({ proxyId })}>
            Reviewed with the patient: goes on
          </Button>
        </>
      ) : null}
      <Button tone="danger" disabled={end.isPending} onClick={() => end.mutate({ proxyId })}>
        Ends now<span className="sr-only"> for {name}</span>
      </Button>
      <Failed title="That didn't work" error={error} />
    </li>
  );
}

/** Who acts for a patient: on which basis, by what evidence, and until when. Ending one ends its links. */
export function Proxies({ patientId }: { patientId: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const list = useQuery(trpc.links.listProxies.queryOptions({ patientId }));
  const again = () => {
    void queries.invalidateQueries({ queryKey: trpc.links.listProxies.queryKey() });
    void queries.invalidateQueries({ queryKey: trpc.links.listOfPatient.queryKey() });
  };
  return (
    <Panel className="flex flex-col gap-3 px-4 py-3">
      <h2>Who acts for them</h2>
      <Failed title="This can't be read" error={list.error} />
      {list.data?.proxies.length === 0 ? <p className="text-muted">Nobody.</p> : null}
      <ul aria-label="Proxies">
        {list.data?.proxies.map((proxy) => (
          <Item key={proxy.proxyId} proxy={proxy} onDone={again} />
        ))}
      </ul>
      <AddProxy patientId={patientId} onDone={again} />
    </Panel>
  );
}
