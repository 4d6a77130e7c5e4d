import type { Protocol } from "./protocol.ts";

/** What is known of a study before any of its images is read. */
export type StudyHead = {
  description?: string | undefined;
  series: readonly {
    modality: string;
    bodyPart?: string | undefined;
    description?: string | undefined;
  }[];
};

const wordsOf = (text: string | undefined): Set<string> =>
  new Set((text ?? "").toUpperCase().split(/[^A-Z0-9]+/));

function isOfPart(study: StudyHead, parts: readonly string[]): boolean {
  const said = wordsOf([study.description, ...study.series.map(({ description }) => description)].join(" "));
  return parts.some(
    (part) =>
      said.has(part.toUpperCase()) ||
      study.series.some(({ bodyPart }) => bodyPart?.toUpperCase() === part.toUpperCase()),
  );
}

/** How much of what a protocol asks is true of the study; undefined where something isn't. */
function fits(study: StudyHead, { when }: Protocol): number | undefined {
  const { modalities, bodyParts } = when;
  if (modalities && !study.series.some(({ modality }) => modalities.includes(modality))) return undefined;
  if (bodyParts && !isOfPart(study, bodyParts)) return undefined;
  return (modalities ? 1 : 0) + (bodyParts ? 1 : 0);
}

/** The protocols that fit a study: first the one that asks most; of equals the first. */
export function chooseProtocols(study: StudyHead, protocols: readonly Protocol[]): Protocol[] {
  return protocols
    .flatMap((protocol) => {
      const score = fits(study, protocol);
      return score === undefined ? [] : [{ protocol, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ protocol }) => protocol);
}
