-- A small picture that stands for a series on a timeline. Its object is never removed: a row that no longer points to it is
-- what drops it.
CREATE TABLE "series_picture" (
    "series_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "instance_id" UUID,
    "object_key" TEXT,
    "size_bytes" INTEGER,
    "failed" TEXT,
    "drawn_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "series_picture_pkey" PRIMARY KEY ("series_id")
);
GRANT SELECT, INSERT, UPDATE ON series_picture TO weald_app;
ALTER TABLE series_picture ENABLE ROW LEVEL SECURITY;
ALTER TABLE series_picture FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON series_picture
  USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));
