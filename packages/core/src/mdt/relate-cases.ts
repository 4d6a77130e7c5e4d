import * as Access from "../access/index.ts";
import type { Tx } from "../kernel/index.ts";
import type { MeetingCase } from "./case.ts";
import type { MemberRow } from "./meeting.store.ts";
import type { Meeting } from "./meeting.ts";

const HOUR = 3_600_000;
/** Who lists sees a case until so long after a meeting whose list was never published. */
const UNPUBLISHED_HOURS = 24;

type List = { meeting: Meeting; members: readonly MemberRow[] };

/** Who sees the cases of a list: who builds it, at once; every member, once it is published. */
function seenBy({ meeting, members }: List, { addedBy }: MeetingCase): string[] {
  const coordinators = members.filter(({ part }) => part === "coordinator").map(({ personId }) => personId);
  const all = meeting.state === "published" ? members.map(({ personId }) => personId) : [];
  return [...new Set([addedBy, ...coordinators, ...all])];
}

/**
 * Brings the relationships that listing makes to what the list says now (clinical page §4): each ends when members stop seeing it,
 * a removed case's and a cancelled meeting's at once.
 */
export async function relateCases(tx: Tx, list: List, cases: readonly MeetingCase[]): Promise<void> {
  const { meeting } = list;
  const endsAt = meeting.visibleUntil ?? new Date(meeting.endsAt.getTime() + UNPUBLISHED_HOURS * HOUR);
  const wanted = cases
    .filter(({ state }) => state !== "removed" && meeting.state !== "cancelled")
    .flatMap((found) =>
      seenBy(list, found).map((personId) => ({
        source: `mdt:${found.id}`,
        patientId: found.patientId,
        patientRecordId: found.patientRecordId,
        personId,
        endsAt,
      })),
    );
  const sources = cases.map(({ id }) => `mdt:${id}`);
  await Access.relateAllExactly(tx, { organisation: meeting.organisation, kind: "mdt", sources }, wanted);
}
