import { useCallback, useEffect, useMemo, useState } from "react";
import { type Outputs, useTRPCClient } from "#features/shell/trpc.tsx";
import type { OpenedStudy } from "#viewer/contract.ts";
import type { Ahead } from "#viewer/frames/fetch-ahead.ts";
import { useCurrency } from "./corrected-since.tsx";
import { aheadSource, frameSource } from "./frame-source.ts";
import { viewerStudyOf } from "./viewer-study.ts";

type Opened = Outputs["study"]["open"];
type RankedPrior = Outputs["timeline"]["priors"]["priors"][number];
type Given = {
  opened: Opened;
  given: readonly Opened[];
  refused: number;
  trustNames: ReadonlyMap<string, string>;
  /** The address is another page's. */
  isInRoom: boolean;
  /** What may be asked for next is looked for. */
  isAhead: boolean;
};

/** The address says what is compared: a link to it shows the same, to whoever may see it. */
function writeAddress(studyId: string, priors: readonly Opened[]): void {
  const asked = priors.map((prior) => `prior=${prior.studyId}`).join("&");
  window.history.replaceState(window.history.state, "", `/studies/${studyId}${asked ? `?${asked}` : ""}`);
}

const refusedText = (count: number) =>
  count > 0 ? "The prior that was asked for doesn't open for you, or isn't here." : undefined;

const MOST_AHEAD = 3;

/** Of the best that may be compared with: the first series of images of each (issue 5, relevant priors). */
function bestOf(client: ReturnType<typeof useTRPCClient>, ranked: readonly RankedPrior[]): Ahead[] {
  return ranked
    .filter(({ isRelevant }) => isRelevant)
    .slice(0, MOST_AHEAD)
    .flatMap(({ studyId, seriesId }) =>
      seriesId ? [{ source: aheadSource(client, studyId), seriesId }] : [],
    );
}

/** The priors that stand beside the study that is read, each opened, with policy and audit, as any study is. */
export function usePriors({ opened, given, refused, trustNames, isInRoom, isAhead }: Given) {
  const client = useTRPCClient();
  const [priors, setPriors] = useState(given);
  const [note, setNote] = useState(refusedText(refused));

  const put = useCallback(
    (next: readonly Opened[]) => {
      setPriors(next);
      if (!isInRoom) writeAddress(opened.studyId, next);
    },
    [isInRoom, opened.studyId],
  );
  const compare = useCallback(
    async (...studyIds: string[]) => {
      try {
        put(await Promise.all(studyIds.map((studyId) => client.study.open.query({ studyId }))));
        setNote(undefined);
      } catch (error) {
        setNote(`The prior doesn't open: ${error instanceof Error ? error.message : "try it again."}`);
      }
    },
    [client, put],
  );
  const [ahead, setAhead] = useState<Ahead[]>([]);
  useEffect(() => {
    if (!isAhead) return;
    client.timeline.priors
      .query({ studyId: opened.studyId })
      .then(({ priors: ranked }) => setAhead(bestOf(client, ranked)))
      // The list says so itself where it is asked for.
      .catch(() => {});
  }, [client, opened.studyId, isAhead]);
  const toggle = useCallback(async () => {
    if (priors.length > 0) return put([]);
    try {
      const { priors: ranked } = await client.timeline.priors.query({ studyId: opened.studyId });
      // The rules of hanging come with the viewer, not with the page.
      const { nearestPriors } = await import("@weald/core/hanging");
      const nearest = nearestPriors(
        opened.series.map(({ modality }) => modality),
        ranked,
      );
      if (nearest.length > 0) await compare(...nearest);
      else setNote("No earlier study of this patient is here for you.");
    } catch (error) {
      setNote(`The priors can't be listed: ${error instanceof Error ? error.message : "try it again."}`);
    }
  }, [client, compare, opened, priors, put]);
  const drop = useCallback(
    (studyId: string) => {
      put(priors.filter((prior) => prior.studyId !== studyId));
      setNote("The prior was corrected, or is no longer shared. It is no longer shown.");
    },
    [priors, put],
  );

  const studies = useMemo(
    () =>
      priors.map(
        (prior): OpenedStudy => ({
          role: "prior",
          study: viewerStudyOf(prior, trustNames.get(prior.custodian) ?? prior.custodian),
          source: frameSource(client, prior),
        }),
      ),
    [client, priors, trustNames],
  );
  return { opened: priors, studies, ahead, note, compare, toggle, drop };
}

type WatchProps = { prior: Opened; onGone(studyId: string): void };

/** Asks whether a prior is still served, and still comes here. What isn't goes at once. */
export function PriorWatch({ prior, onGone }: WatchProps) {
  const currency = useCurrency(prior, true);
  const isGone = currency !== undefined && (!currency.isCurrent || currency.sharing.state === "over");
  useEffect(() => {
    if (isGone) onGone(prior.studyId);
  }, [isGone, onGone, prior.studyId]);
  return null;
}
