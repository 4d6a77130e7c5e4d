-- What a trust's packs come to in the archive, overtaken and withdrawn ones too: nothing deletes one. Counted as each is published.
CREATE TABLE "pack_total" (
    "custodian" TEXT NOT NULL,
    "packs" INTEGER NOT NULL,
    "size_bytes" BIGINT NOT NULL,

    CONSTRAINT "pack_total_pkey" PRIMARY KEY ("custodian")
);
ALTER TABLE pack_total ENABLE ROW LEVEL SECURITY;
ALTER TABLE pack_total FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON pack_total USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));
GRANT SELECT, INSERT, UPDATE ON pack_total TO weald_app;

-- A pack without frames of its own is a manifest alone.
CREATE FUNCTION weald.count_pack() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  INSERT INTO pack_total (custodian, packs, size_bytes) VALUES (NEW.custodian, 1, NEW.size_bytes)
    ON CONFLICT (custodian) DO UPDATE SET packs = pack_total.packs + 1, size_bytes = pack_total.size_bytes + excluded.size_bytes;
  RETURN NULL;
END
$$;
CREATE TRIGGER pack_counted AFTER INSERT ON pack FOR EACH ROW WHEN (NEW.object_key IS NOT NULL) EXECUTE FUNCTION weald.count_pack();

-- What stands already.
SELECT weald.begin_as(NULL, '', now());
INSERT INTO pack_total (custodian, packs, size_bytes)
  SELECT custodian, count(*), sum(size_bytes) FROM pack WHERE object_key IS NOT NULL GROUP BY custodian;
