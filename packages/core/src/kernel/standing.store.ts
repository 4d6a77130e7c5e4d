import type { DatabaseTransaction } from "@weald/db";
import {
  ACTIVITIES,
  type Activity,
  type PatientActor,
  type PersonActor,
  type ScopedActivity,
} from "./actor.ts";
import type { Ctx } from "./ctx.ts";
import { SessionOver } from "./errors.ts";
import type { SessionStanding, Standing, Tx } from "./tx.ts";

/** The page tells of use each minute at most: until it is late with that, a session counts as used. */
export const REPORTED_WITHIN_SECONDS = 90;

type Row = {
  personId: string | null;
  roleId: string | null;
  provedAt: Date | null;
  lastSeenAt: Date | null;
  idleSeconds: number | null;
  lockedAt: Date | null;
  endsAt: Date | null;
  endedAt: Date | null;
  displayOf: string | null;
  grants: { activity: string; modalities: string[]; bodyParts: string[] }[];
};

type Lived = Pick<Row, "lastSeenAt" | "idleSeconds" | "lockedAt">;

/**
 * Locked by its page, or left alone for so long that its page must have gone. One that was used later than now was used while the
 * clock was ahead: nobody knows for how long it has been alone.
 */
export const isLocked = ({ lastSeenAt, idleSeconds, lockedAt }: Lived, now: Date): boolean =>
  lockedAt !== null ||
  (idleSeconds !== null &&
    Math.abs(now.getTime() - (lastSeenAt?.getTime() ?? 0)) > (idleSeconds + REPORTED_WITHIN_SECONDS) * 1000);

const activityOf = (name: string): Activity | undefined => ACTIVITIES.find((one) => one === name);

/** The role's activities, and what an administrator gave beside them. Read anew in each transaction. */
function withGrants(actor: PersonActor, grants: Row["grants"]): PersonActor {
  const activities = new Set(actor.activities);
  const scoped: ScopedActivity[] = [];
  for (const { activity: name, modalities, bodyParts } of grants) {
    const activity = activityOf(name);
    if (!activity) continue;
    if (modalities.length === 0 && bodyParts.length === 0) activities.add(activity);
    else scoped.push({ activity, modalities, bodyParts });
  }
  const all = { ...actor, activities: ACTIVITIES.filter((one) => activities.has(one)) };
  return scoped.length > 0 ? { ...all, scoped } : all;
}

/** Nobody stands at a display: whoever began it looks by it, and does nothing else. */
const onDisplay = (actor: PersonActor): PersonActor => ({
  ...actor,
  activities: actor.activities.filter((one) => one === "view"),
});

function stateOf(row: Row, actor: PersonActor, now: Date): SessionStanding["state"] {
  const isTheirs = row.personId === actor.id && row.roleId === actor.roleId;
  if (!isTheirs || row.endedAt || !row.endsAt || row.endsAt <= now) return "ended";
  return isLocked(row, now) ? "locked" : "alive";
}

const OVER = { ended: "SESSION_ENDED", locked: "SESSION_LOCKED" } as const;

/** A session of a link is used each half minute while its page is looked at: left alone for longer it is over. */
const LINK_IDLE_MINUTES = 30;

/** When it must have been used last to live now; one of later was used while the clock was ahead. */
export const linkUsedWithin = (now: Date): { gt: Date; lt: Date } => {
  const idleMs = LINK_IDLE_MINUTES * 60_000;
  return { gt: new Date(now.getTime() - idleMs), lt: new Date(now.getTime() + idleMs) };
};

/** A patient's session, as of this transaction. What its link is worth now is the policy's to say. */
async function readLinkStanding(
  db: DatabaseTransaction,
  actor: PatientActor,
  { now, isSessionAsked }: { now: Date; isSessionAsked: boolean },
): Promise<Standing> {
  const row = await db.linkSession.findFirst({
    where: {
      ...{ id: actor.id, linkId: actor.linkId, patientId: actor.patientId, endedAt: null },
      ...{ endsAt: { gt: now }, lastSeenAt: linkUsedWithin(now) },
    },
    select: { beganAt: true },
  });
  if (!row && isSessionAsked) throw new SessionOver("SESSION_ENDED");
  return {
    actor,
    session: {
      ...{ id: actor.id, provedAt: row?.beganAt ?? new Date(0), displayOf: undefined },
      state: row ? "alive" : "ended",
    },
  };
}

/**
 * Who asks, as of this transaction: a session that was ended or locked meanwhile asks for nothing more, and an activity
 * that was taken away is gone. One statement, whose every part is found by an index.
 *
 * @throws {SessionOver} `SESSION_ENDED`, `SESSION_LOCKED`
 */
export async function readStanding(
  db: DatabaseTransaction,
  ctx: Ctx,
  { now, isSessionAsked }: { now: Date; isSessionAsked: boolean },
): Promise<Standing> {
  const { actor } = ctx;
  if (actor.kind === "patient") return readLinkStanding(db, actor, { now, isSessionAsked });
  if (actor.kind !== "person") return { actor, session: undefined };
  const [row] = await db.$queryRaw<[Row]>`
    SELECT s.person_id AS "personId", s.role_id AS "roleId", s.proved_at AS "provedAt", s.last_seen_at AS "lastSeenAt",
      s.idle_seconds AS "idleSeconds", s.locked_at AS "lockedAt", s.ends_at AS "endsAt", s.ended_at AS "endedAt",
      s.display_meeting_id::text AS "displayOf",
      coalesce((SELECT jsonb_agg(jsonb_build_object('activity', g.activity, 'modalities', g.modalities, 'bodyParts', g.body_parts) ORDER BY g.id)
        FROM activity_grant g WHERE g.person_id = ${actor.id} AND g.organisation = ${actor.organisation}
          AND g.starts_at <= ${now}::timestamptz AND g.ends_at > ${now}::timestamptz), '[]') AS grants
    FROM (SELECT 1) one LEFT JOIN session s ON s.id = ${ctx.session?.id ?? null}::uuid`;
  const session = ctx.session && {
    id: ctx.session.id,
    provedAt: row.provedAt ?? new Date(0),
    state: stateOf(row, actor, now),
    displayOf: row.displayOf ?? undefined,
  };
  if (isSessionAsked && session && session.state !== "alive") throw new SessionOver(OVER[session.state]);
  if (!row.displayOf) return { actor: withGrants(actor, row.grants), session };
  await db.$queryRaw`SELECT weald.begin_display(${row.displayOf}::uuid)`;
  return { actor: onDisplay(actor), session };
}

/**
 * Whether the person has proved to the identity provider who they are within these seconds, in the session by which they
 * ask. Without a session: never.
 */
export const freshlyProved = (tx: Tx, withinSeconds: number): boolean =>
  tx.session?.state === "alive" && tx.now.getTime() - tx.session.provedAt.getTime() <= withinSeconds * 1000;
