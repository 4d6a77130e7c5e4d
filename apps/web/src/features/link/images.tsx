"use client";
import { useCallback, useMemo, useState } from "react";
import { Closed } from "./closed.tsx";
import { DISCLAIMER } from "./help.tsx";
import { Looking, useViewerAhead } from "./looking.tsx";
import type { MineView, OpenStudy } from "./mine-client.ts";
import { Card, Title } from "./parts.tsx";
import { type Previews, type SeriesOfStudy, type SignedPictures, srcOf } from "./picture-watch.ts";
import { plainDay } from "./plain-names.ts";
import { StudyCard, shownSeries } from "./study-card.tsx";
import { usePreviews } from "./use-previews.ts";
import { useRenewal } from "./use-renewal.ts";
import { Ways } from "./ways.tsx";
import { Whose } from "./whose.tsx";

type Props = { first: MineView; pictures: SignedPictures };
type Looked = { study: OpenStudy; seriesId: string; name: string };

const INTRO: Record<MineView["recipient"], string> = {
  patient: "These are the images that the hospital has shared with you.",
  proxy: "These are the images that the hospital has shared with you, for the person you act for.",
  "passed-on": "A patient has shared these images with you, for their care.",
};

const openOf = (view: MineView): OpenStudy[] =>
  view.studies.flatMap((study) => (study.state === "open" ? [study] : []));

const picturedOf = (view: MineView): SeriesOfStudy[] =>
  openOf(view).map(({ studyId, series }) => ({
    studyId,
    seriesIds: shownSeries(series).map(({ seriesId }) => seriesId),
  }));

/** What the link shows now. Whatever isn't open any more is gone from it within thirty seconds. */
export function Images({ first, pictures }: Props) {
  const { view, standing, renew } = useRenewal(first);
  // Kept while nobody answers: they come back with the rest, and their addresses wouldn't.
  const isOpen = standing === "open" || standing === "unreachable";
  const pictured = useMemo(() => picturedOf(view), [view]);
  const previews = usePreviews(pictures, pictured, isOpen);
  if (standing !== "open") return <Closed why={standing} />;
  return <Shown {...{ view, previews }} onRefused={renew} />;
}

/** Nothing that is to be seen first is on its way: what shows large pictures may come. */
const isLaidOut = (previews: Previews, series: OpenStudy["series"]): boolean =>
  [...previews.values()].some(({ state }) => state === "there") || previews.size >= series.length;

type ShownProps = { view: MineView; previews: Previews; onRefused(): void };

function Shown({ view, previews, onRefused }: ShownProps) {
  const [looked, setLooked] = useState<Looked>();
  const open = openOf(view);
  const isStill = looked && open.some(({ studyId }) => studyId === looked.study.studyId);
  const series = open.flatMap((study) => shownSeries(study.series));
  useViewerAhead(isLaidOut(previews, series), !series.every(({ isPlain }) => isPlain));
  const close = useCallback(() => setLooked(undefined), []);
  return (
    <>
      <Title>{view.recipient === "patient" ? "Your images" : "The images"}</Title>
      <p>{INTRO[view.recipient]}</p>
      <Whose patient={view.patient} />
      <p className="text-muted">{DISCLAIMER[view.recipient]}</p>
      {open.map((study) => (
        <StudyCard
          key={study.studyId}
          {...{ study, view, previews, onRefused }}
          onLook={(series, name) => setLooked({ study, seriesId: series.seriesId, name })}
        />
      ))}
      {open.length < view.studies.length ? (
        <Card label="Not to be seen now">
          <p>
            {open.length === 0 ? "These images can't" : "Some of what was shared can't"} be shown just now.
            That happens, and it says nothing about what they show. Look again in a few days, or ask the
            hospital.
          </p>
        </Card>
      ) : null}
      <Ways view={view} at="images" />
      <p className="text-muted">This link works until {plainDay(view.endsAt)}.</p>
      {looked && isStill ? (
        <Looking
          {...looked}
          {...{ view, onRefused }}
          preview={srcOf(previews.get(looked.seriesId))}
          onClose={close}
        />
      ) : null}
    </>
  );
}
