import type { KeptAnswers } from "../cache/kept-answers.ts";
import { timeOf } from "../cache/kept-answers.ts";
import type { DimseService } from "../dimse/service.ts";
import { type Caller, DimseRefused } from "../dimse/service.ts";
import { isAway } from "../forward/region-client.ts";
import type { Dicomweb } from "./dicomweb.ts";
import { findStudies } from "./find-studies.ts";
import { type MoveOptions, moveStudies } from "./move-studies.ts";

export type WhenAway = {
  kept: KeptAnswers;
  /** The last question to the region had no answer. */
  isAway(): boolean;
  log(event: "cache.find" | "cache.move"): void;
};

/** So long the region may take for an answer where it had none before: a workstation gives up after some ten seconds. */
const HURRIED_MS = 5000;

const isAwayRefusal = (error: unknown): boolean => error instanceof DimseRefused && isAway(error.cause);

function hurried(web: Dicomweb, { isAway: isKnownAway }: WhenAway): Dicomweb {
  if (!isKnownAway()) return web;
  const within = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(HURRIED_MS)]);
  return { ...web, search: (search, signal) => web.search(search, within(signal)) };
}

type Shown = { clientId: string; caller: Caller };

/** The region's answer; where it is away, before it has said anything, what is kept here. */
export async function* findOrKept(
  web: Dicomweb,
  away: WhenAway,
  { clientId, caller }: Shown,
  { identifier, way }: Parameters<DimseService["find"]>[1] & { way: Parameters<DimseService["find"]>[2] },
): ReturnType<typeof findStudies> {
  const { signal, say } = way;
  let hasAnswered = false;
  try {
    for await (const found of findStudies(hurried(web, away), { caller, identifier, signal })) {
      hasAnswered = true;
      yield found;
    }
  } catch (error) {
    if (hasAnswered || signal.aborted || !isAwayRefusal(error)) throw error;
    away.log("cache.find");
    yield* away.kept.find({ clientId, caller }, { identifier, say });
  }
}

/** The same for C-MOVE: the region is asked first, and nothing of a move comes from both. */
export async function moveOrKept(
  options: MoveOptions,
  away: WhenAway,
  clientId: string,
  asked: Parameters<typeof moveStudies>[1],
): ReturnType<typeof moveStudies> {
  try {
    return await moveStudies({ ...options, web: hurried(options.web, away) }, asked);
  } catch (error) {
    if (asked.way.signal.aborted || !isAwayRefusal(error)) throw error;
    away.log("cache.move");
    const web = away.kept.webFor({ clientId, caller: asked.caller }, asked.request.destination);
    const moved = await moveStudies({ ...options, web }, asked);
    const comment = [moved.comment, `Kept here, as of ${timeOf(web.asOf())}.`].filter(Boolean).join(" ");
    return { ...moved, comment };
  }
}
