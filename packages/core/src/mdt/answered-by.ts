import type { GatheredCase } from "./gather.ts";

/** What was asked for and is there now. */
export function answeredBy({ asks, readiness }: Pick<GatheredCase, "asks" | "readiness">): string[] {
  return asks
    .filter(({ about, requirementId }) =>
      readiness.aspects.some(
        (aspect) =>
          aspect.about === about && aspect.requirementId === requirementId && aspect.colour === "green",
      ),
    )
    .map(({ id }) => id);
}
