-- A small picture that stands for a series on a timeline. Its object is never removed: a row that no longer points to it is
-- what drops it. `due_at`: to be drawn, or drawn anew.
CREATE TABLE "series_picture" (
    "series_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "instance_id" UUID,
    "object_key" TEXT,
    "size_bytes" INTEGER,
    "failed" TEXT,
    "drawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "series_picture_pkey" PRIMARY KEY ("series_id")
);
CREATE INDEX "series_picture_instance_id_idx" ON "series_picture"("instance_id");
CREATE INDEX series_picture_due_idx ON series_picture (due_at, series_id) WHERE due_at IS NOT NULL;

-- What is there already is due.
INSERT INTO series_picture (series_id, custodian, due_at)
SELECT id, custodian, now() FROM series WHERE settled_at IS NOT NULL;

-- An image that is rejected, moved or replaced stands for its series no more: another has to. Whoever changes it.
CREATE FUNCTION weald.picture_due() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE series_picture SET due_at = now() WHERE instance_id = OLD.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER picture_due_changed AFTER UPDATE OF rejected_at, series_id, object_key ON instance FOR EACH ROW
  WHEN (OLD.rejected_at IS DISTINCT FROM NEW.rejected_at OR OLD.series_id IS DISTINCT FROM NEW.series_id
    OR OLD.object_key IS DISTINCT FROM NEW.object_key)
  EXECUTE FUNCTION weald.picture_due();
CREATE TRIGGER picture_due_gone AFTER DELETE ON instance FOR EACH ROW EXECUTE FUNCTION weald.picture_due();

GRANT SELECT, INSERT, UPDATE ON series_picture TO weald_app;
ALTER TABLE series_picture ENABLE ROW LEVEL SECURITY;
ALTER TABLE series_picture FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON series_picture
  USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));
