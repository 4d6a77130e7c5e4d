-- Conflicts (clinical page §17): what the newcomer is, so that it can be compared and served without reading it again.
ALTER TABLE "quarantine_item" ADD COLUMN "came" JSONB;
ALTER TABLE "quarantine_item" ADD COLUMN "identity_key" TEXT;
CREATE INDEX "quarantine_item_custodian_sha256_idx" ON "quarantine_item"("custodian", "sha256");

-- What a new version took the place of. Nothing is overwritten: each can be served again.
CREATE TABLE "instance_superseded" (
    "id" UUID NOT NULL,
    "series_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "sop_instance_uid" TEXT NOT NULL,
    "sop_class_uid" TEXT NOT NULL,
    "instance_number" INTEGER,
    "slice_position" DOUBLE PRECISION,
    "number_of_frames" INTEGER NOT NULL,
    "object_key" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "transfer_syntax_uid" TEXT NOT NULL,
    "encoding" TEXT NOT NULL,
    "sha256_received" TEXT NOT NULL,
    "sha256_stored" TEXT NOT NULL,
    "pixel_sha256" TEXT,
    "preamble" BYTEA,
    "has_meta_header" BOOLEAN NOT NULL,
    "header" JSONB NOT NULL,
    "frames" JSONB NOT NULL,
    "deviations" JSONB NOT NULL,
    "version" INTEGER NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "replaced_by" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "superseded_by" TEXT NOT NULL,
    "superseded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "instance_superseded_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "instance_superseded_custodian_sop_instance_uid_idx" ON "instance_superseded"("custodian", "sop_instance_uid");
CREATE INDEX "instance_superseded_series_id_idx" ON "instance_superseded"("series_id");
ALTER TABLE "instance_superseded" ADD CONSTRAINT "instance_superseded_series_id_fkey" FOREIGN KEY ("series_id") REFERENCES "series"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- An instance that is served under other UIDs than its bytes say: where it stood in conflict (docs/adr/0006).
ALTER TABLE "instance" ADD COLUMN "original_sop_instance_uid" TEXT;
CREATE INDEX "instance_custodian_original_sop_instance_uid_idx" ON "instance"("custodian", "original_sop_instance_uid");

-- Copies (clinical page §17): an order-free digest of the SOP Instance UIDs of a series; the XOR of a study's is the study's.
ALTER TABLE "series" ADD COLUMN "instance_digest" BIT(128);
CREATE INDEX "study_study_instance_uid_idx" ON "study"("study_instance_uid");

-- Outside discs (clinical page §20): where the images came from, and which identity was confirmed to be the patient's.
ALTER TABLE "study" ADD COLUMN "source_name" TEXT;
CREATE TABLE "outside_confirmation" (
    "upload_id" UUID NOT NULL,
    "identity_key" TEXT NOT NULL,
    "custodian" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "confirmed_by" TEXT NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outside_confirmation_pkey" PRIMARY KEY ("upload_id","identity_key")
);
ALTER TABLE "outside_confirmation" ADD CONSTRAINT "outside_confirmation_upload_id_fkey" FOREIGN KEY ("upload_id") REFERENCES "upload"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['instance_superseded', 'outside_confirmation']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY custodian ON %I USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian))', t);
    -- Records: written once.
    EXECUTE format('GRANT SELECT, INSERT ON %I TO weald_app', t);
  END LOOP;
END $$;

-- What stands already. The owner of the tables is under row-level security too, so the facts are set first.
SELECT weald.begin_as(NULL, '', now());
UPDATE series e SET instance_digest =
  (SELECT bit_xor(('x' || md5(i.sop_instance_uid))::bit(128)) FROM instance i WHERE i.series_id = e.id);
UPDATE study s SET source_name = u.source_name
  FROM inbox_item b JOIN upload u ON u.id = b.upload_id
  WHERE s.is_outside AND b.study_id = s.id AND u.source_name IS NOT NULL;
