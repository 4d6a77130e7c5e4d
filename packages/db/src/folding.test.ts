import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { migrateDeploy } from "./migrate.ts";
import { createScratchDatabase, type ScratchDatabase } from "./scratch-database.ts";

const SERIES = "00000000-0000-7000-8000-000000000001";
const PACK = "00000000-0000-7000-8000-0000000000aa";

const FIXTURE = `
INSERT INTO organisation VALUES ('RXC', 'RXC', 'member', '{}');
INSERT INTO patient VALUES ('${SERIES}');
INSERT INTO patient_record (id, patient_id, custodian, local_number, family, given, family_key, given_key, birth_date, sensitivities, linked_how, linked_by, linked_at)
  VALUES ('${SERIES}', '${SERIES}', 'RXC', 'L', 'F', 'G', 'F', 'G', '1961-04-03', '{}', 'x', 'x', now());
INSERT INTO study (id, custodian, study_instance_uid, patient_record_id, patient_id, storage_id, modalities, body_parts)
  VALUES ('${SERIES}', 'RXC', '1.2', '${SERIES}', '${SERIES}', 'L', '{CT}', '{}');`;

/** Of all columns, each with what is hardest to keep: as numbers are written, NULLs in what is nested, bytes, what only some say. */
const images = (count: number) => `
INSERT INTO instance (id, series_id, custodian, sop_instance_uid, sop_class_uid, instance_number, slice_position, number_of_frames, object_key,
    size_bytes, transfer_syntax_uid, encoding, sha256_received, sha256_stored, pixel_sha256, preamble, has_meta_header, header, frames, deviations, version, received_at)
  SELECT uuidv7(), '${SERIES}', 'RXC', '1.2.3.' || n, CASE WHEN n = 5 THEN '9.9' ELSE '1.1' END, nullif(n % 7, 0), nullif(n, 3) * 0.1, 1 + n % 2, 'key/' || n,
    n * 10000000000, '1.2.840.10008.1.2.1', CASE WHEN n < 3 THEN 'deflate' ELSE 'plain' END, md5(n::text), CASE WHEN n < 9 THEN 'other' ELSE md5(n::text) END,
    CASE WHEN n % 2 = 0 THEN md5(n::text) END, CASE WHEN n = 4 THEN '\\x000102ff'::bytea END, n <> 6,
    jsonb_build_object('00100010', '{"vr": "PN", "Value": [{"Alphabetic": "Alder^Rowan"}]}'::jsonb, '00280030', '{"vr": "DS", "Value": [0.50, 1.0, null]}'::jsonb)
      || CASE WHEN n = 8 THEN '{"00280030": {"vr": "DS", "Value": [0.5, 1, null]}}' ELSE '{}' END::jsonb
      || CASE WHEN n > 2 THEN jsonb_build_object('00091001', jsonb_build_object('vr', 'UN', 'InlineBinary', 'AA=' || n, 'x', null)) ELSE '{}' END,
    '[{"offset": 1, "length": null}]', CASE WHEN n = 7 THEN '[{"code": "X"}]' ELSE '[]' END::jsonb, 1 + (n = 2)::int, timestamptz '2026-11-27 10:00:00.123Z'
  FROM generate_series(1, ${count}) n;
INSERT INTO packed_instance SELECT id, 'RXC', '${PACK}', '[{"offset": 3, "ends": [1, 2]}]' FROM instance WHERE sop_instance_uid <> '1.2.3.1';
UPDATE packed_instance SET pack_id = uuidv7() WHERE instance_id = (SELECT id FROM instance WHERE sop_instance_uid = '1.2.3.2');`;

describe("folding a series", () => {
  let database: ScratchDatabase;
  let owner: pg.Client;
  beforeAll(async () => {
    database = await createScratchDatabase();
    await migrateDeploy(database.url);
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(FIXTURE);
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });
  beforeEach(async () => {
    await owner.query(`DELETE FROM packed_instance; DELETE FROM instance_alternate; DELETE FROM overlay; DELETE FROM instance; DELETE FROM manifest_block;
      DELETE FROM folded_uid; DELETE FROM series_packing; DELETE FROM series_picture; DELETE FROM series;
      INSERT INTO series (id, study_id, custodian, series_instance_uid, modality, last_arrived_at, settled_at) VALUES ('${SERIES}', '${SERIES}', 'RXC', '1.3', 'CT', now(), now());
      INSERT INTO series_packing (series_id, custodian, version) VALUES ('${SERIES}', 'RXC', 1);`);
  });

  const one = async <T>(sql: string): Promise<T | undefined> =>
    (await owner.query<{ one: T }>(sql)).rows[0]?.one;
  const fold = () => one<string | null>(`SELECT weald.fold_series('${SERIES}') AS one`);
  const rows = () => one<number>("SELECT count(*)::int AS one FROM instance");
  const served = () =>
    one<string>(
      `SELECT string_agg(i::text, E'\\n' ORDER BY i.id) AS one FROM weald.instances_of('${SERIES}') i`,
    );
  const packed = () =>
    one<string>(`SELECT string_agg(p::text, E'\\n' ORDER BY p.instance_id) AS one
      FROM weald.packs_among('${SERIES}', ARRAY(SELECT id FROM weald.instances_of('${SERIES}'))) p`);

  it.each([1, 8, 64, 65, 200])(
    "%i images: each column of each is the same to the letter, and again once unfolded",
    async (count) => {
      await owner.query(images(count));
      const before = [await served(), await packed()];
      expect(await fold()).toBeNull();
      expect(await rows()).toBe(0);
      expect(await one("SELECT count(*)::int AS one FROM folded_uid")).toBe(count);
      expect([await served(), await packed()]).toEqual(before);
      await owner.query(`SELECT weald.unfold_series(ARRAY['${SERIES}'::uuid])`);
      expect(await rows()).toBe(count);
      expect([await served(), await packed()]).toEqual(before);
      expect(await one("SELECT count(*)::int AS one FROM folded_uid")).toBe(0);
      expect(await one("SELECT count(*)::int AS one FROM manifest_block")).toBe(0);
    },
  );

  it("finds one by its UID in its own block, and nothing by a UID that nobody has or of another trust", async () => {
    await owner.query(images(130));
    await fold();
    const named = (custodian: string, ...uids: string[]) =>
      one<string[]>(
        `SELECT array_agg(sop_instance_uid ORDER BY 1) AS one FROM weald.instances_named('${custodian}', ARRAY['${uids.join("','")}'])`,
      );
    expect(await named("RXC", "1.2.3.77", "1.2.3.5", "1.2.3.999")).toEqual(["1.2.3.5", "1.2.3.77"]);
    expect(await named("RA2", "1.2.3.77")).toBeNull();
    expect(await one("SELECT h AS one FROM weald.series_holding(ARRAY['1.2.3.130']) h")).toBe(SERIES);
  });

  it.each([
    ["open", `UPDATE series SET settled_at = NULL`],
    ["not-packed", `UPDATE series_packing SET due_at = now()`],
    [
      "picture-due",
      `INSERT INTO series_picture (series_id, custodian, due_at) VALUES ('${SERIES}', 'RXC', now())`,
    ],
    [
      "corrected",
      `UPDATE instance SET rejected_at = now() WHERE sop_instance_uid = '1.2.3.2'; UPDATE series_packing SET due_at = NULL`,
    ],
    ["corrected", `UPDATE instance SET original_sop_instance_uid = '8' WHERE sop_instance_uid = '1.2.3.2'`],
    [
      "corrected",
      `INSERT INTO overlay (id, custodian, level, target_id, study_id, version, attributes, reason, written_by)
         SELECT uuidv7(), 'RXC', 'instance', id, '${SERIES}', 1, '{}', 'x', 'x' FROM instance LIMIT 1`,
    ],
    [
      "alternates",
      `INSERT INTO instance_alternate (id, instance_id, custodian, object_key, size_bytes, sha256_received, sha256_stored, header)
         SELECT uuidv7(), id, 'RXC', 'k', 1, 'x', 'x', '{}' FROM instance LIMIT 1`,
    ],
    ["empty", `DELETE FROM packed_instance; DELETE FROM instance`],
    ["large", `DELETE FROM packed_instance; DELETE FROM instance; ${images(3001)}`],
  ])("keeps the rows of what is %s", async (why, change) => {
    await owner.query(images(4));
    await owner.query(change);
    const before = await rows();
    expect(await fold()).toBe(why);
    expect(await rows()).toBe(before);
  });

  it("takes no row away where a block would say anything else: a planted fault is seen, and nothing has happened", async () => {
    await owner.query(images(10));
    const before = [await served(), await packed()];
    const source = await one<string>("SELECT pg_get_functiondef('weald.unfolded'::regproc) AS one");
    const faults = [
      ["coalesce(r.sop_class_uid, b.sop_class_uid)", "b.sop_class_uid"],
      ["coalesce(r.sha256_stored, r.sha256_received)", "r.sha256_received"],
      ["s.header || r.header", "r.header"],
      ["s.header || r.header", "r.header || s.header || '{\"x\": 1}'"],
      ["r.slice_position,", "r.instance_number,"],
      ["r.preamble,", "NULL::bytea,"],
    ] as const;
    for (const [right, wrong] of faults) {
      const planted = source?.replace(right, wrong) ?? "";
      expect(planted).not.toBe(source);
      await owner.query(planted);
      try {
        await expect(fold(), wrong).rejects.toThrow("don't say what its rows say");
      } finally {
        await owner.query(source ?? "");
      }
      expect([await served(), await packed()], wrong).toEqual(before);
      expect(await rows()).toBe(10);
    }
  });

  it("what came since is folded with the rest", async () => {
    await owner.query(images(10));
    await fold();
    await owner.query(images(4).replaceAll("1.2.3.", "1.2.5."));
    const before = await served();
    expect(await fold()).toBeNull();
    expect(await rows()).toBe(0);
    expect(await served()).toEqual(before);
    expect(await one("SELECT sum(cardinality(ids))::int AS one FROM manifest_block")).toBe(14);
  });

  it("is no right of its own to take rows away: the runtime role folds and unfolds, and deletes neither rows nor blocks", async () => {
    await owner.query(images(3));
    const app = new pg.Client({ connectionString: database.url });
    await app.connect();
    try {
      await app.query("SET SESSION AUTHORIZATION weald_app");
      await app.query("SELECT weald.begin_as(NULL, '', now())");
      const as = async (sql: string) =>
        app.query(sql).then(
          () => "done",
          (error: { code?: string }) => error.code,
        );
      expect(await as("DELETE FROM instance")).toBe("42501");
      expect(await as(`SELECT weald.fold_series('${SERIES}')`)).toBe("done");
      expect(await rows()).toBe(0);
      expect(await as("DELETE FROM manifest_block")).toBe("42501");
      expect(await as("UPDATE manifest_block SET images = '[]'")).toBe("42501");
      expect(await as("DELETE FROM folded_uid")).toBe("42501");
    } finally {
      await app.end();
    }
  });
});
