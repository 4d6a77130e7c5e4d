-- What modalities say they did (MPPS): ties by accession number, and tells of how many images each series has.
CREATE TABLE "performed_step" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "sop_instance_uid" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "study_instance_uid" TEXT,
    "accession_number" TEXT,
    "modality" TEXT,
    "began_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "performed_step_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "performed_step_custodian_sop_instance_uid_key" ON "performed_step"("custodian", "sop_instance_uid");
CREATE INDEX "performed_step_custodian_accession_number_idx" ON "performed_step"("custodian", "accession_number");

CREATE TABLE "performed_series" (
    "step_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "series_instance_uid" TEXT NOT NULL,
    "object_count" INTEGER NOT NULL,

    CONSTRAINT "performed_series_pkey" PRIMARY KEY ("step_id","series_instance_uid")
);
CREATE INDEX "performed_series_custodian_series_instance_uid_idx" ON "performed_series"("custodian", "series_instance_uid");
ALTER TABLE "performed_series" ADD CONSTRAINT "performed_series_step_id_fkey" FOREIGN KEY ("step_id") REFERENCES "performed_step"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['performed_step', 'performed_series']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY custodian ON %I USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO weald_app', t);
  END LOOP;
END $$;
