-- Which settled series are to be packed, and how often they were (docs/adr/0027). `version` is what publishing compares and swaps.
CREATE TABLE "series_packing" (
    "series_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "failed" TEXT,

    CONSTRAINT "series_packing_pkey" PRIMARY KEY ("series_id")
);
CREATE INDEX series_packing_due_idx ON series_packing (due_at, series_id) WHERE due_at IS NOT NULL;

-- Each version that was published. Its objects are never rewritten; `withdrawn_at`: it holds an image that is not served any more.
CREATE TABLE "pack" (
    "id" UUID NOT NULL,
    "series_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "series_version" INTEGER NOT NULL,
    "object_key" TEXT,
    "size_bytes" BIGINT NOT NULL,
    "sha256" TEXT,
    "manifest_key" TEXT NOT NULL,
    "frame_count" INTEGER NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "pack_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "pack_series_id_version_key" ON "pack"("series_id", "version");

-- Where the frames of an image lie in the newest pack that holds it.
CREATE TABLE "packed_instance" (
    "instance_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "pack_id" UUID NOT NULL,
    "frames" JSONB NOT NULL,

    CONSTRAINT "packed_instance_pkey" PRIMARY KEY ("instance_id")
);

INSERT INTO series_packing (series_id, custodian, due_at)
SELECT id, custodian, now() FROM series WHERE settled_at IS NOT NULL;

-- A pack is signed whole: once an image in it is rejected, moved or replaced no address of it is given out any more, and the series is
-- packed anew. Whoever changes it, in the same transaction.
CREATE FUNCTION weald.withdraw_packs() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE pack SET withdrawn_at = now() WHERE series_id = OLD.series_id AND withdrawn_at IS NULL;
  UPDATE series_packing SET due_at = coalesce(due_at, now()), tries = 0, failed = NULL
    WHERE series_id = OLD.series_id AND (due_at IS NULL OR tries > 0);
  RETURN NULL;
END
$$;
CREATE TRIGGER withdraw_packs_changed AFTER UPDATE OF id, rejected_at, series_id, object_key ON instance FOR EACH ROW
  WHEN (OLD.id <> NEW.id OR OLD.rejected_at IS DISTINCT FROM NEW.rejected_at OR OLD.series_id <> NEW.series_id
    OR OLD.object_key <> NEW.object_key)
  EXECUTE FUNCTION weald.withdraw_packs();

GRANT SELECT, INSERT, UPDATE ON series_packing, pack, packed_instance TO weald_app;
ALTER TABLE series_packing ENABLE ROW LEVEL SECURITY;
ALTER TABLE series_packing FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON series_packing
  USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));
ALTER TABLE pack ENABLE ROW LEVEL SECURITY;
ALTER TABLE pack FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON pack
  USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));
ALTER TABLE packed_instance ENABLE ROW LEVEL SECURITY;
ALTER TABLE packed_instance FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON packed_instance
  USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));
