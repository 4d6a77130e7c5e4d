import { CARING, decideReading, type ReadingFacts, sampleFacts } from "@weald/core/access";
import { type Activity, type Actor, may, type Purpose, purposeOf } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rows } from "../sent.ts";

/**
 * Property: list(scope) = filter(all, decide). The SQL of a list and the pure policy are two writings of one rule; here every
 * combination of exceptions is put into a region, and both are asked.
 */
const READER = "p-reader";
const PRIVACY = ["", "vip", "forensic"] as const;
/** `sent`: this one study was sent to them to report. */
const RELATIONSHIPS = ["", "statement", "mdt", "glass", CARING[0], "sent"] as const;
const EXCEPTIONS = ["", "objects", "objects to another", "own"] as const;

type Kind = { privacy: string; relationship: string; exception: string; modality: string };
const KINDS: Kind[] = PRIVACY.flatMap((privacy) =>
  RELATIONSHIPS.flatMap((relationship) =>
    EXCEPTIONS.map((exception, index) => ({
      ...{ privacy, relationship, exception },
      // Each exception in both, over the relationships.
      modality: (RELATIONSHIPS.indexOf(relationship) + index) % 2 === 0 ? "DX" : "CT",
    })),
  ),
);
const nameOf = ({ privacy, relationship, exception }: Kind) =>
  `${privacy || "ordinary"}/${relationship || "none"}/${exception || "plain"}`;

/** RXC and RA2 share as members; RPC shares no images, RTK not for reporting; RTP has an agreement with RXC alone. */
const TRUSTS = ["RXC", "RA2", "RPC", "RTK", "RTP"] as const;

const ACTIVITIES: readonly Activity[] = ["report", "view", "acquire", "state-relationship"];
const people = (["RXC", "RTK"] as const).flatMap((organisation) =>
  Array.from(
    { length: 2 ** ACTIVITIES.length },
    (_, bits): Actor => ({
      kind: "person",
      id: READER,
      roleId: "r",
      role: "clinician",
      organisation,
      activities: ACTIVITIES.filter((_activity, index) => bits & (1 << index)),
      // Half of them may report radiographs alone.
      ...(bits % 2 === 0 && bits > 0
        ? { scoped: [{ activity: "report" as const, modalities: ["DX"], bodyParts: [] }] }
        : {}),
    }),
  ),
);
/** Who reports what was sent to them, of a member and of a partner outside; and who may look at their patients beside. */
const reporters = (["RXC", "RTP"] as const).flatMap((organisation) =>
  ([["report-sent"], ["report-sent", "view"]] as const).map(
    (activities): Actor => ({
      ...{ kind: "person", id: READER, roleId: "r", role: "outside-reporter", organisation },
      activities: [...activities],
    }),
  ),
);
const clients = TRUSTS.flatMap((organisation) =>
  [["studies.read"], ["studies.read", "studies.read.region"]].map(
    (scopes): Actor => ({ kind: "client", id: "c", organisation, scopes }),
  ),
);

function agreementOf(custodian: string, actor: Actor, purpose: Purpose): ReadingFacts["agreement"] {
  const own = actor.kind === "system" ? "" : actor.organisation;
  if (custodian === own) return "own";
  if (custodian === "RTP" || own === "RTP") return custodian === "RXC" || own === "RXC" ? "in-force" : "none";
  if (custodian === "RPC") return "none";
  return custodian === "RTK" && purpose === "reporting" ? "none" : "in-force";
}

describe("what a list holds, and what the policy says of each study", () => {
  let region: Region;
  const uids = new Map<string, string>();
  const held = TRUSTS.flatMap((custodian) => KINDS.map((kind) => ({ custodian, kind })));
  const idOf = (custodian: string, kind: Kind) => `${custodian} ${nameOf(kind)}`;

  beforeAll(async () => {
    region = await Region.create();
    for (const { custodian, kind } of held) uids.set(mintUid(), idOf(custodian, kind));
    await rows(
      region,
      `WITH new AS (SELECT uuidv7() AS id, custodian, number, uid, modality
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) n(custodian, number, uid, modality)),
         p AS (INSERT INTO patient (id) SELECT id FROM new),
         e AS (INSERT INTO series (id, study_id, custodian, series_instance_uid, modality, last_arrived_at, instance_count)
           SELECT id, id, custodian, uid || '.1', 'DX', now(), 1 FROM new),
         r AS (INSERT INTO patient_record (id, patient_id, custodian, local_number, family, given, family_key, given_key, sensitivities,
           linked_how, linked_by, linked_at) SELECT id, id, custodian, number, 'R', 'R', 'R', 'R', '{}', 'x', 'x', now() FROM new)
       INSERT INTO study (id, custodian, study_instance_uid, patient_record_id, patient_id, storage_id, modalities, body_parts)
       SELECT id, custodian, uid, id, id, number, ARRAY[modality], '{}' FROM new RETURNING id::text`,
      held.map(({ custodian }) => custodian),
      held.map(({ custodian, kind }) => `${custodian}-${KINDS.indexOf(kind)}`),
      [...uids.keys()],
      held.map(({ kind }) => kind.modality),
    );
    await rows(region, "UPDATE agreement SET kinds = '{reports}' WHERE ods_code = 'RPC' RETURNING id::text");
    await rows(
      region,
      "UPDATE agreement SET purposes = '{direct-care,operations}' WHERE ods_code = 'RTK' RETURNING id::text",
    );
    await rows(
      region,
      `INSERT INTO agreement (id, ods_code, with_ods, starts_at) VALUES (uuidv7(), 'RTP', 'RXC', now() - interval '1 day') RETURNING id::text`,
    );
    for (const [index, { privacy, relationship, exception }] of KINDS.entries()) {
      const numbers = TRUSTS.map((custodian) => `${custodian}-${index}`);
      const of = (sql: string, ...values: unknown[]) => rows(region, sql, numbers, ...values);
      if (privacy)
        await of(
          "UPDATE patient_record SET sensitivities = ARRAY[$2] WHERE local_number = ANY ($1) RETURNING id::text",
          privacy,
        );
      if (relationship)
        await of(
          `INSERT INTO relationship (id, patient_id, person_id, organisation, kind, source, starts_at, ends_at, study_id)
           SELECT uuidv7(), patient_id, $2, 'RXC', $3, 'test', now() - interval '1 hour', now() + interval '1 day',
             CASE WHEN $3 = 'sent' THEN id END
           FROM patient_record WHERE local_number = ANY ($1) RETURNING id::text`,
          READER,
          relationship,
        );
      if (exception === "own")
        await of(
          `INSERT INTO own_record (person_id, patient_record_id, patient_id, stated_by, stated_at)
           SELECT $2, id, patient_id, 'x', now() FROM patient_record WHERE local_number = ANY ($1) RETURNING person_id`,
          READER,
        );
      if (exception.startsWith("objects"))
        await of(
          `INSERT INTO objection (id, patient_record_id, patient_id, held_by, study_id, discussed_by, recorded_by, starts_at)
           SELECT uuidv7(), id, patient_id, custodian, CASE WHEN $2 THEN uuidv7() END, 'x', 'x', now() - interval '1 hour'
           FROM patient_record WHERE local_number = ANY ($1) RETURNING id::text`,
          exception === "objects to another",
        );
    }
    // As a server does in time: what came in one statement has no statistics yet.
    await rows(region, "ANALYZE");
  });
  afterAll(() => region.stop());

  function factsOf(custodian: string, kind: Kind, actor: Actor): ReadingFacts {
    const isPerson = actor.kind === "person";
    const isSent = kind.relationship === "sent";
    return sampleFacts(custodian, {
      agreement: agreementOf(custodian, actor, purposeOf(actor)),
      sensitivities: kind.privacy ? [kind.privacy] : [],
      relationships: isPerson && kind.relationship && !isSent ? [kind.relationship] : [],
      isSentToThem: isPerson && isSent,
      isOwnRecord: isPerson && kind.exception === "own",
      isObjectedTo: kind.exception === "objects",
      modalities: [kind.modality],
    });
  }
  const allowed = (actor: Actor) =>
    held
      .filter(({ custodian, kind }) => decideReading(actor, factsOf(custodian, kind, actor)).allowed)
      .map(({ custodian, kind }) => idOf(custodian, kind))
      .sort();

  async function listed(actor: Actor): Promise<string[]> {
    const found: string[] = [];
    let cursor: Parameters<typeof Worklist.list>[1]["cursor"];
    do {
      const { rows: page, next } = await Worklist.list(region.ctxOf(actor), { cursor });
      found.push(...page.map(({ studyInstanceUid }) => uids.get(studyInstanceUid) ?? "?"));
      cursor = next;
    } while (cursor);
    return found.sort();
  }

  it("are the same for every set of activities, trust, relationship, mark, objection and agreement", async () => {
    for (const actor of [...people, ...reporters])
      expect([actor, ...(await listed(actor))]).toEqual([actor, ...allowed(actor)]);
  });

  it("and by DICOMweb, for people and for systems", async () => {
    for (const actor of [...people, ...reporters, ...clients]) {
      const { matches } = await Study.findStudies(region.ctxOf(actor), {});
      const found = matches
        .filter((one) => one["00080056"]?.Value?.[0] === "ONLINE" || !one["00080056"])
        .map((one) => uids.get(String(one["0020000D"]?.Value?.[0])) ?? "?")
        .sort();
      expect([actor, ...found]).toEqual([actor, ...allowed(actor)]);
    }
  });

  it("opening agrees with both, study by study", async () => {
    const [actor] = people.filter(
      (one) => one.kind === "person" && one.organisation === "RXC" && may(one, "view") && !may(one, "report"),
    );
    if (!actor) throw new Error("there is no such reader");
    const ids = await rows<{ id: string; uid: string }>(
      region,
      `SELECT id::text, study_instance_uid AS uid FROM study`,
    );
    const opened: string[] = [];
    for (const { id, uid } of ids) {
      const done = await Study.open(region.ctxOf(actor), { studyId: id }).catch(() => undefined);
      if (done) opened.push(uids.get(uid) ?? "?");
    }
    expect(opened.sort()).toEqual(allowed(actor));
  });
});
