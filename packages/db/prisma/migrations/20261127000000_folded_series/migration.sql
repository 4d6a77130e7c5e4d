-- A settled series that is packed is folded: its rows of `instance` become blocks of its manifest, 64 images each, what they say alike
-- once (docs/adr/0032). Whoever reads instances asks `weald.instances_of` and its kin, which answer the same from rows and from blocks.
ALTER TABLE "series" ADD COLUMN "folded_at" TIMESTAMPTZ(3);
-- `fold_at`: to be folded from then on. `not_folded`: why it keeps its rows, a stable code.
ALTER TABLE "series_packing" ADD COLUMN "fold_at" TIMESTAMPTZ(3),
ADD COLUMN "not_folded" TEXT;
CREATE INDEX series_packing_fold_idx ON series_packing (fold_at, series_id) WHERE fold_at IS NOT NULL;

-- What all images of a block say alike stands in a column, or in `header`; what each says for itself in `images`, in the order of
-- reading, its id beside it.
CREATE TABLE "manifest_block" (
    "series_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "custodian" TEXT NOT NULL,
    "ids" UUID[],
    "sop_class_uid" TEXT,
    "number_of_frames" INTEGER,
    "transfer_syntax_uid" TEXT,
    "encoding" TEXT,
    "has_meta_header" BOOLEAN,
    "deviations" JSONB,
    "version" INTEGER,
    "header" JSONB NOT NULL,
    "images" JSONB NOT NULL,
    "pack_id" UUID,

    CONSTRAINT "manifest_block_pkey" PRIMARY KEY ("series_id", "number")
);

-- Which block may hold a SOP Instance UID: by 64 bits of its MD5, so that a row stays small. The block itself has the last word.
CREATE TABLE "folded_uid" (
    "uid_key" BIGINT NOT NULL,
    "series_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "custodian" TEXT NOT NULL
);
CREATE INDEX "folded_uid_uid_key_idx" ON "folded_uid"("uid_key");

GRANT SELECT ON manifest_block, folded_uid TO weald_app;
ALTER TABLE manifest_block ENABLE ROW LEVEL SECURITY;
ALTER TABLE manifest_block FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON manifest_block
  USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));
ALTER TABLE folded_uid ENABLE ROW LEVEL SECURITY;
ALTER TABLE folded_uid FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON folded_uid
  USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));

CREATE FUNCTION weald.uid_key(uid text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ('x' || left(md5(uid), 16))::bit(64)::bigint $$;
CREATE FUNCTION weald.uid_keys(uids text[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT coalesce(array_agg(weald.uid_key(uid)), '{}') FROM unnest(uids) AS uid $$;

-- A block's images as the rows that they were.
CREATE FUNCTION weald.unfolded(b manifest_block) RETURNS SETOF instance LANGUAGE sql STABLE PARALLEL SAFE AS
$$
  SELECT r.id, b.series_id, b.custodian, r.sop_instance_uid, coalesce(r.sop_class_uid, b.sop_class_uid), r.instance_number,
    r.slice_position, coalesce(r.number_of_frames, b.number_of_frames), r.object_key, r.size_bytes,
    coalesce(r.transfer_syntax_uid, b.transfer_syntax_uid), coalesce(r.encoding, b.encoding), r.sha256_received,
    coalesce(r.sha256_stored, r.sha256_received), r.pixel_sha256, r.preamble, coalesce(r.has_meta_header, b.has_meta_header),
    s.header || r.header, r.frames, coalesce(r.deviations, b.deviations), coalesce(r.version, b.version), r.received_at,
    NULL::text, NULL::uuid, NULL::timestamptz
  FROM ROWS FROM (jsonb_to_recordset(b.images) AS (sop_instance_uid text, sop_class_uid text, instance_number int,
      slice_position float8, number_of_frames int, object_key text, size_bytes bigint, transfer_syntax_uid text, encoding text,
      sha256_received text, sha256_stored text, pixel_sha256 text, preamble bytea, has_meta_header boolean, header jsonb,
      frames jsonb, deviations jsonb, version int, received_at timestamptz), unnest(b.ids))
    AS r(sop_instance_uid, sop_class_uid, instance_number, slice_position, number_of_frames, object_key, size_bytes,
      transfer_syntax_uid, encoding, sha256_received, sha256_stored, pixel_sha256, preamble, has_meta_header, header, frames,
      deviations, version, received_at, id)
    -- Unpacked once a block, not once an image.
    CROSS JOIN LATERAL (SELECT b.header || '{}' AS header OFFSET 0) s
$$;

-- The instances of a series, those of them with these ids, and those of a trust with these UIDs: of rows and of blocks, in one snapshot.
-- Each is inlined where it is asked, so that the planner sees through it.
CREATE FUNCTION weald.instances_of(of_series uuid) RETURNS SETOF instance LANGUAGE sql STABLE PARALLEL SAFE AS
$$
  SELECT i.* FROM instance i WHERE i.series_id = of_series
  UNION ALL
  SELECT u.* FROM manifest_block b CROSS JOIN LATERAL weald.unfolded(b) u WHERE b.series_id = of_series
$$;
CREATE FUNCTION weald.instances_among(of_series uuid, only_ids uuid[]) RETURNS SETOF instance LANGUAGE sql STABLE PARALLEL SAFE AS
$$
  SELECT i.* FROM instance i WHERE i.id = ANY (only_ids) AND i.series_id = of_series
  UNION ALL
  SELECT u.* FROM manifest_block b CROSS JOIN LATERAL weald.unfolded(b) u
  WHERE b.series_id = of_series AND b.ids && only_ids AND u.id = ANY (only_ids)
$$;
CREATE FUNCTION weald.instances_named(of_custodian text, uids text[]) RETURNS SETOF instance LANGUAGE sql STABLE PARALLEL SAFE AS
$$
  SELECT i.* FROM instance i WHERE i.custodian = of_custodian AND i.sop_instance_uid = ANY (uids)
  UNION ALL
  SELECT u.* FROM (SELECT DISTINCT k.series_id, k.number FROM folded_uid k WHERE k.uid_key = ANY (weald.uid_keys(uids)) AND k.custodian = of_custodian) k
    JOIN manifest_block b ON b.series_id = k.series_id AND b.number = k.number
    CROSS JOIN LATERAL weald.unfolded(b) u WHERE u.sop_instance_uid = ANY (uids)
$$;
-- Which series may hold one of these UIDs, whoever's they are.
CREATE FUNCTION weald.series_holding(uids text[]) RETURNS SETOF uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$
  SELECT i.series_id FROM instance i WHERE i.sop_instance_uid = ANY (uids)
  UNION ALL
  SELECT k.series_id FROM folded_uid k WHERE k.uid_key = ANY (weald.uid_keys(uids))
$$;
-- Where the frames of a series' images lie in packs, of those with these ids.
CREATE FUNCTION weald.packs_among(of_series uuid, only_ids uuid[]) RETURNS TABLE (instance_id uuid, pack_id uuid, frames jsonb)
LANGUAGE sql STABLE PARALLEL SAFE AS
$$
  SELECT f.instance_id, f.pack_id, f.frames FROM packed_instance f WHERE f.instance_id = ANY (only_ids)
  UNION ALL
  SELECT r.id, coalesce(r.pack_id, b.pack_id), r.packed FROM manifest_block b CROSS JOIN LATERAL
    ROWS FROM (jsonb_to_recordset(b.images) AS (packed jsonb, pack_id uuid), unnest(b.ids)) AS r(packed, pack_id, id)
  WHERE b.series_id = of_series AND b.ids && only_ids AND r.id = ANY (only_ids) AND r.packed IS NOT NULL
$$;

-- Rows again, for who changes an image, ties something to it or publishes another pack. It stays so until this transaction ends:
-- folding waits for the series' row.
CREATE FUNCTION weald.unfold_series(these uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
$$
DECLARE
  folded uuid[];
BEGIN
  PERFORM 1 FROM series WHERE id = ANY (these) ORDER BY id FOR UPDATE;
  folded := ARRAY(SELECT id FROM series WHERE id = ANY (these) AND folded_at IS NOT NULL);
  IF folded = '{}' THEN RETURN; END IF;
  INSERT INTO instance SELECT u.* FROM manifest_block b CROSS JOIN LATERAL weald.unfolded(b) u WHERE b.series_id = ANY (folded);
  INSERT INTO packed_instance (instance_id, custodian, pack_id, frames)
    SELECT p.instance_id, b.custodian, p.pack_id, p.frames
    FROM manifest_block b CROSS JOIN LATERAL weald.packs_among(b.series_id, b.ids) p WHERE b.series_id = ANY (folded);
  DELETE FROM folded_uid k USING manifest_block b CROSS JOIN LATERAL weald.unfolded(b) u
    WHERE b.series_id = ANY (folded) AND k.series_id = b.series_id AND k.uid_key = weald.uid_key(u.sop_instance_uid);
  DELETE FROM manifest_block WHERE series_id = ANY (folded);
  UPDATE series SET folded_at = NULL WHERE id = ANY (folded);
END
$$;

-- Why a series keeps its rows: not yet (`open`, `not-packed`, `picture-due`), or as long as it is as it is (`corrected`, `alternates`,
-- `empty`, `large`: something hangs on a row, there is nothing to fold or too much at once). NULL: it can be folded.
CREATE FUNCTION weald.why_not_folded(of_series uuid) RETURNS text LANGUAGE sql STABLE AS
$$
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM series WHERE id = of_series AND settled_at IS NOT NULL) THEN 'open'
    WHEN NOT EXISTS (SELECT 1 FROM series_packing WHERE series_id = of_series AND version > 0 AND due_at IS NULL) THEN 'not-packed'
    WHEN EXISTS (SELECT 1 FROM series_picture WHERE series_id = of_series AND due_at IS NOT NULL) THEN 'picture-due'
    WHEN NOT EXISTS (SELECT 1 FROM instance WHERE series_id = of_series) THEN 'empty'
    -- Within the two seconds of a transaction.
    WHEN (SELECT count(*) FROM instance WHERE series_id = of_series) > 3000 THEN 'large'
    WHEN EXISTS (SELECT 1 FROM instance i WHERE i.series_id = of_series AND (i.rejected_at IS NOT NULL OR i.original_series_id IS NOT NULL
        OR i.original_sop_instance_uid IS NOT NULL OR EXISTS (SELECT 1 FROM overlay o WHERE o.target_id = i.id)))
      OR EXISTS (SELECT 1 FROM instance WHERE original_series_id = of_series) THEN 'corrected'
    WHEN EXISTS (SELECT 1 FROM instance i JOIN instance_alternate a ON a.instance_id = i.id WHERE i.series_id = of_series) THEN 'alternates'
  END
$$;

-- Folds a series. It holds the series' row FOR UPDATE, so that no image is put into the series meanwhile (its foreign key waits), and who
-- changes one unfolds first, which waits too. Rows are taken away once the blocks are seen to say the same, to the letter; else nothing has happened.
-- Returns why not, or NULL.
CREATE FUNCTION weald.fold_series(of_series uuid) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
$$
DECLARE
  why text;
BEGIN
  -- With what came since it was folded before, as one.
  PERFORM weald.unfold_series(ARRAY[of_series]);
  why := weald.why_not_folded(of_series);
  IF why IS NOT NULL THEN RETURN why; END IF;

  WITH ordered AS (
    SELECT i.*, f.pack_id, f.frames AS packed, row_number() OVER reading AS at,
      (row_number() OVER reading - 1) / 64 AS by_count,
      sum(pg_column_size(i.header) + pg_column_size(i.frames)) OVER reading / 262144 AS by_size
    FROM instance i LEFT JOIN packed_instance f ON f.instance_id = i.id WHERE i.series_id = of_series
    WINDOW reading AS (ORDER BY coalesce(i.instance_number, 2147483647), i.id)
  ), placed AS (
    SELECT *, (dense_rank() OVER (ORDER BY by_count, by_size) - 1)::int AS block FROM ordered
  ), counted AS MATERIALIZED (
    SELECT block, count(*) AS count FROM placed GROUP BY block
  ), alike AS MATERIALIZED (
    SELECT said.block, jsonb_object_agg(said.key, said.value) AS header, array_agg(said.key) AS keys FROM (
      SELECT p.block, h.key, min(h.value::text COLLATE "C")::jsonb AS value FROM placed p CROSS JOIN LATERAL jsonb_each(p.header) h
      GROUP BY p.block, h.key
      HAVING count(*) = (SELECT c.count FROM counted c WHERE c.block = p.block)
        AND min(h.value::text COLLATE "C") = max(h.value::text COLLATE "C")) said
    GROUP BY said.block
  ), shared AS MATERIALIZED (
    SELECT block,
      CASE WHEN min(sop_class_uid) = max(sop_class_uid) THEN min(sop_class_uid) END AS sop_class_uid,
      CASE WHEN min(number_of_frames) = max(number_of_frames) THEN min(number_of_frames) END AS number_of_frames,
      CASE WHEN min(transfer_syntax_uid) = max(transfer_syntax_uid) THEN min(transfer_syntax_uid) END AS transfer_syntax_uid,
      CASE WHEN min(encoding) = max(encoding) THEN min(encoding) END AS encoding,
      CASE WHEN bool_and(has_meta_header) = bool_or(has_meta_header) THEN bool_and(has_meta_header) END AS has_meta_header,
      CASE WHEN min(deviations::text) = max(deviations::text) THEN min(deviations::text)::jsonb END AS deviations,
      CASE WHEN min(version) = max(version) THEN min(version) END AS version,
      CASE WHEN min(pack_id::text) = max(pack_id::text) THEN min(pack_id::text)::uuid END AS pack_id
    FROM placed GROUP BY block
  )
  INSERT INTO manifest_block (series_id, number, custodian, ids, sop_class_uid, number_of_frames, transfer_syntax_uid, encoding,
    has_meta_header, deviations, version, header, images, pack_id)
  SELECT of_series, p.block, p.custodian, array_agg(p.id ORDER BY p.at), s.sop_class_uid, s.number_of_frames, s.transfer_syntax_uid,
    s.encoding, s.has_meta_header, s.deviations, s.version, coalesce(a.header, '{}'),
    jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
      'sop_instance_uid', p.sop_instance_uid, 'instance_number', p.instance_number, 'slice_position', p.slice_position,
      'object_key', p.object_key, 'size_bytes', p.size_bytes, 'sha256_received', p.sha256_received,
      'sha256_stored', nullif(p.sha256_stored, p.sha256_received), 'pixel_sha256', p.pixel_sha256, 'preamble', p.preamble,
      'received_at', p.received_at,
      'sop_class_uid', CASE WHEN s.sop_class_uid IS NULL THEN p.sop_class_uid END,
      'number_of_frames', CASE WHEN s.number_of_frames IS NULL THEN p.number_of_frames END,
      'transfer_syntax_uid', CASE WHEN s.transfer_syntax_uid IS NULL THEN p.transfer_syntax_uid END,
      'encoding', CASE WHEN s.encoding IS NULL THEN p.encoding END,
      'has_meta_header', CASE WHEN s.has_meta_header IS NULL THEN p.has_meta_header END,
      'version', CASE WHEN s.version IS NULL THEN p.version END,
      'pack_id', CASE WHEN s.pack_id IS NULL THEN p.pack_id END))
      -- What may hold a null of its own.
      || jsonb_build_object('header', p.header - coalesce(a.keys, '{}'), 'frames', p.frames)
      || CASE WHEN s.deviations IS NULL THEN jsonb_build_object('deviations', p.deviations) ELSE '{}' END
      || CASE WHEN p.packed IS NOT NULL THEN jsonb_build_object('packed', p.packed) ELSE '{}' END ORDER BY p.at),
    s.pack_id
  FROM placed p JOIN shared s ON s.block = p.block LEFT JOIN alike a ON a.block = p.block
  GROUP BY p.block, p.custodian, s.sop_class_uid, s.number_of_frames, s.transfer_syntax_uid, s.encoding, s.has_meta_header, s.deviations,
    s.version, s.pack_id, a.header;

  IF EXISTS (
    SELECT i::text FROM instance i WHERE i.series_id = of_series
    EXCEPT ALL
    SELECT u::text FROM manifest_block b CROSS JOIN LATERAL weald.unfolded(b) u WHERE b.series_id = of_series)
  OR EXISTS (
    SELECT (f.instance_id, f.pack_id, f.frames)::text FROM packed_instance f JOIN instance i ON i.id = f.instance_id WHERE i.series_id = of_series
    EXCEPT ALL
    SELECT (r.id, coalesce(r.pack_id, b.pack_id), r.packed)::text FROM manifest_block b CROSS JOIN LATERAL
      ROWS FROM (jsonb_to_recordset(b.images) AS (packed jsonb, pack_id uuid), unnest(b.ids)) AS r(packed, pack_id, id)
    WHERE b.series_id = of_series AND r.packed IS NOT NULL)
  THEN RAISE EXCEPTION 'the blocks of series % don''t say what its rows say', of_series;
  END IF;

  INSERT INTO folded_uid (uid_key, series_id, number, custodian)
    SELECT weald.uid_key(u.sop_instance_uid), b.series_id, b.number, b.custodian
    FROM manifest_block b CROSS JOIN LATERAL weald.unfolded(b) u WHERE b.series_id = of_series;
  -- Only what a block holds, whatever else there may be.
  DELETE FROM packed_instance WHERE instance_id IN (SELECT unnest(ids) FROM manifest_block WHERE series_id = of_series);
  DELETE FROM instance WHERE id IN (SELECT unnest(ids) FROM manifest_block WHERE series_id = of_series);
  UPDATE series SET folded_at = now() WHERE id = of_series;
  RETURN NULL;
END
$$;

-- The picture that is of an image which only went into a block stays.
CREATE OR REPLACE FUNCTION weald.picture_due() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM manifest_block b WHERE b.series_id = OLD.series_id AND OLD.id = ANY (b.ids)) THEN RETURN NULL; END IF;
  UPDATE series_picture SET due_at = now() WHERE instance_id = OLD.id;
  RETURN NULL;
END
$$;

-- As before, of rows and of blocks.
CREATE OR REPLACE FUNCTION weald.describe_moved_series() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  PERFORM weald.describe(NEW.study_id, NEW.id, i.header)
  FROM (SELECT header FROM weald.instances_of(NEW.id) ORDER BY instance_number, id LIMIT 1) i;
  RETURN NULL;
END
$$;

-- What was published already. The owner of the tables is under row-level security too.
SELECT weald.begin_as(NULL, '', now());
UPDATE series_packing SET fold_at = now() WHERE version > 0 AND due_at IS NULL;
