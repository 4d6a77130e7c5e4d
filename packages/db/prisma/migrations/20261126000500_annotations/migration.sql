-- Marks of readers on studies: measurements, arrows, key images, views.
CREATE TABLE "mark" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "patient_record_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "instance_id" UUID,
    "instance_version" INTEGER,
    "frame" INTEGER,
    "content" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "author_id" TEXT NOT NULL,
    "author_role" TEXT NOT NULL,
    "author_organisation" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "published_at" TIMESTAMPTZ(3),
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "mark_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "mark_study_id_made_at_idx" ON "mark"("study_id", "made_at" DESC);

CREATE TABLE "screening_read" (
    "study_id" UUID NOT NULL,
    "person_id" TEXT NOT NULL,
    "custodian" TEXT NOT NULL,
    "in_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "screening_read_pkey" PRIMARY KEY ("study_id","person_id")
);

ALTER TABLE "upload" ADD COLUMN "for_study_id" UUID;

-- As a study's images: of its custodian. Nothing of it is deleted, and that a read is in is never taken back.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['mark', 'screening_read']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY custodian ON %I USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON mark TO weald_app;
GRANT SELECT, INSERT ON screening_read TO weald_app;
