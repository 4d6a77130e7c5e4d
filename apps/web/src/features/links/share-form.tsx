"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Inputs, useTRPC } from "#features/shell/trpc.tsx";
import { ChooseContact } from "./contacts.tsx";
import { type How, HowItGoes, USUAL } from "./how-it-goes.tsx";
import { ReleaseState } from "./release-state.tsx";
import { Shared } from "./shared.tsx";
import { type Goes, type KeyImage, type SeriesChoice, showsOf, WhatGoes } from "./what-goes.tsx";
import { Whom } from "./whom.tsx";

type Props = {
  studyId: string;
  patientId: string;
  series: readonly SeriesChoice[];
  keyImages: readonly KeyImage[];
};
type Share = Inputs["links"]["share"];

/** Makes a link for a patient, or who acts for them: what goes, to whom, until when, and whether it may go now. */
export function ShareForm({ studyId, patientId, series, keyImages }: Props) {
  const trpc = useTRPC();
  // One window makes one link, however often its answer is lost on the way.
  const [linkId, setLinkId] = useState(() => crypto.randomUUID());
  const [goes, setGoes] = useState<Goes>({ kind: "study", seriesIds: [] });
  const [proxyId, setProxyId] = useState<string>();
  const [contactId, setContactId] = useState<string>();
  const [how, setHow] = useState<How>(USUAL);
  const wishes = useQuery(trpc.links.preview.queryOptions({ studyIds: [studyId], hasReport: how.hasReport }));
  const isQuiet = wishes.data?.isQuiet === true;
  const queries = useQueryClient();
  const share = useMutation(
    trpc.links.share.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.links.listOfPatient.queryKey() }),
    }),
  );

  const delivery = isQuiet ? "in-person" : how.delivery;
  const shows = showsOf(goes, keyImages);
  const isReady = shows !== undefined && (delivery === "in-person" || contactId !== undefined);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!shows) return;
    const to: Pick<Share, "contactId" | "proxyId"> = {
      ...(contactId && !isQuiet ? { contactId } : {}),
      ...(proxyId ? { proxyId } : {}),
    };
    share.mutate({ ...how, ...to, delivery, linkId, scopes: [{ studyId, shows }] });
  }
  if (share.data)
    return (
      <Shared
        linkId={linkId}
        delivery={delivery}
        studies={share.data.studies}
        onAgain={() => {
          setLinkId(crypto.randomUUID());
          share.reset();
        }}
      />
    );
  return (
    <Panel className="px-4 py-4">
      <form onSubmit={submit} aria-label="Share with the patient" className="flex max-w-3xl flex-col gap-5">
        <WhatGoes {...{ goes, series, keyImages }} onChange={setGoes} />
        <Whom
          patientId={patientId}
          chosen={proxyId}
          onChoose={(next) => {
            setProxyId(next);
            setContactId(undefined);
          }}
        />
        <HowItGoes how={how} isQuiet={isQuiet} onChange={setHow} />
        {isQuiet ? null : (
          <ChooseContact {...{ patientId, proxyId }} chosen={contactId} onChoose={setContactId} />
        )}
        <p className="text-sm text-muted">
          For the patient's own use. To a colleague one refers; teaching, research, insurers, police and
          solicitors have ways of their own: ask your Caldicott Guardian.
        </p>
        <Button type="submit" tone="main" className="w-fit" disabled={!isReady || share.isPending}>
          {share.isPending ? "Sharing …" : "Share with the patient"}
        </Button>
        <Failed title="It wasn't shared" error={share.error} />
      </form>
      <div className="mt-5">
        <ReleaseState {...{ studyId, proxyId }} hasReport={how.hasReport} />
      </div>
    </Panel>
  );
}
