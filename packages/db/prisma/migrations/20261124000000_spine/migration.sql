-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "relationship" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "person_id" TEXT NOT NULL,
    "organisation" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "statement" TEXT,
    "source" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "is_provisional" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "relationship_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "action" TEXT NOT NULL,
    "verb" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "role" TEXT,
    "organisation" TEXT,
    "purpose" TEXT,
    "patient_id" UUID,
    "study_id" UUID,
    "custodian" TEXT,
    "door" TEXT NOT NULL,
    "correlation_id" TEXT NOT NULL,
    "detail" JSONB,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "relayed_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upload" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "sender_id" TEXT NOT NULL,
    "door" TEXT NOT NULL,
    "patient_record_id" UUID,
    "source_name" TEXT,
    "confirmed_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "upload_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox_item" (
    "id" UUID NOT NULL,
    "upload_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "inbox_key" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "outcome" TEXT,
    "code" TEXT,
    "message" TEXT,
    "sha256" TEXT,
    "study_id" UUID,
    "instance_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quarantine_item" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "inbox_item_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "object_key" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "sha256" TEXT,
    "code" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "identity" JSONB,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "decision_reason" TEXT,

    CONSTRAINT "quarantine_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organisation" (
    "ods_code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "part" TEXT NOT NULL,
    "sites" TEXT[],

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("ods_code")
);

-- CreateTable
CREATE TABLE "agreement" (
    "id" UUID NOT NULL,
    "ods_code" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3),

    CONSTRAINT "agreement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patient" (
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "patient_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patient_record" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "local_number" TEXT NOT NULL,
    "issuer" TEXT,
    "nhs_number" TEXT,
    "nhs_verified" BOOLEAN NOT NULL DEFAULT false,
    "family" TEXT NOT NULL,
    "given" TEXT NOT NULL,
    "middle" TEXT NOT NULL DEFAULT '',
    "prefix" TEXT NOT NULL DEFAULT '',
    "other_names" JSONB,
    "family_key" TEXT NOT NULL,
    "given_key" TEXT NOT NULL,
    "birth_date" DATE,
    "sex" TEXT,
    "is_temporary" BOOLEAN NOT NULL DEFAULT false,
    "sensitivities" TEXT[],
    "name_differs" BOOLEAN NOT NULL DEFAULT false,
    "linked_how" TEXT NOT NULL,
    "linked_by" TEXT NOT NULL,
    "linked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "patient_record_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patient_pair" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "record_a" UUID NOT NULL,
    "record_b" UUID NOT NULL,
    "rule" TEXT NOT NULL,
    "outcome" TEXT NOT NULL DEFAULT 'waiting',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "patient_pair_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "never_linked" (
    "record_a" UUID NOT NULL,
    "record_b" UUID NOT NULL,
    "stated_by" TEXT NOT NULL,
    "stated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "never_linked_pkey" PRIMARY KEY ("record_a","record_b")
);

-- CreateTable
CREATE TABLE "report" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "accession_number" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "filler_number" TEXT NOT NULL,
    "patient_record_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,

    CONSTRAINT "report_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "report_version" (
    "id" UUID NOT NULL,
    "report_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "author" TEXT,
    "author_role" TEXT,
    "text" TEXT NOT NULL,
    "reported_at" TIMESTAMPTZ(3) NOT NULL,
    "message_at" TIMESTAMPTZ(3) NOT NULL,
    "message_id" TEXT NOT NULL,
    "object_key" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "report_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "imaging_request" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "accession_number" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "patient_record_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "procedure_code" TEXT NOT NULL,
    "procedure_text" TEXT NOT NULL,
    "body_part" TEXT,
    "laterality" TEXT,
    "referrer" TEXT,
    "priority" TEXT NOT NULL,
    "question" TEXT,
    "state" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3),
    "message_at" TIMESTAMPTZ(3) NOT NULL,
    "message_id" TEXT NOT NULL,

    CONSTRAINT "imaging_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "study" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "study_instance_uid" TEXT NOT NULL,
    "patient_record_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "storage_id" TEXT NOT NULL,
    "studied_at" TIMESTAMPTZ(3),
    "study_date" DATE,
    "description" TEXT,
    "accession_number" TEXT,
    "accession_issuer" TEXT,
    "referrer" TEXT,
    "site" TEXT,
    "modalities" TEXT[],
    "body_parts" TEXT[],
    "is_outside" BOOLEAN NOT NULL DEFAULT false,
    "confirmed_by" TEXT,
    "confirmed_at" TIMESTAMPTZ(3),
    "confirmed_source" TEXT,
    "confirmed_count" INTEGER,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,

    CONSTRAINT "study_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "series" (
    "id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "series_instance_uid" TEXT NOT NULL,
    "modality" TEXT NOT NULL,
    "number" INTEGER,
    "description" TEXT,
    "body_part" TEXT,
    "laterality" TEXT,
    "frame_of_reference_uid" TEXT,
    "expected_count" INTEGER,
    "expected_source" TEXT,
    "instance_count" INTEGER NOT NULL DEFAULT 0,
    "missing_count" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,
    "last_arrived_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "instance" (
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
    "version" INTEGER NOT NULL DEFAULT 1,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "instance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "instance_alternate" (
    "id" UUID NOT NULL,
    "instance_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "object_key" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "sha256_received" TEXT NOT NULL,
    "sha256_stored" TEXT NOT NULL,
    "differs" TEXT[],
    "preamble" BYTEA,
    "header" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "instance_alternate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "overlay" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "target_id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "attributes" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "written_by" TEXT NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "overlay_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "relationship_person_id_ends_at_idx" ON "relationship"("person_id", "ends_at");

-- CreateIndex
CREATE INDEX "relationship_patient_id_ends_at_idx" ON "relationship"("patient_id", "ends_at");

-- CreateIndex
CREATE INDEX "audit_event_patient_id_at_idx" ON "audit_event"("patient_id", "at");

-- CreateIndex
CREATE INDEX "audit_event_actor_id_at_idx" ON "audit_event"("actor_id", "at");

-- CreateIndex
CREATE INDEX "audit_event_at_idx" ON "audit_event"("at");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_item_inbox_key_key" ON "inbox_item"("inbox_key");

-- CreateIndex
CREATE INDEX "inbox_item_upload_id_settled_at_idx" ON "inbox_item"("upload_id", "settled_at");

-- CreateIndex
CREATE UNIQUE INDEX "quarantine_item_inbox_item_id_key" ON "quarantine_item"("inbox_item_id");

-- CreateIndex
CREATE INDEX "quarantine_item_custodian_state_created_at_idx" ON "quarantine_item"("custodian", "state", "created_at");

-- CreateIndex
CREATE INDEX "agreement_ods_code_idx" ON "agreement"("ods_code");

-- CreateIndex
CREATE INDEX "patient_record_patient_id_idx" ON "patient_record"("patient_id");

-- CreateIndex
CREATE INDEX "patient_record_nhs_number_idx" ON "patient_record"("nhs_number");

-- CreateIndex
CREATE INDEX "patient_record_family_key_given_key_birth_date_idx" ON "patient_record"("family_key", "given_key", "birth_date");

-- CreateIndex
CREATE UNIQUE INDEX "patient_record_custodian_local_number_key" ON "patient_record"("custodian", "local_number");

-- CreateIndex
CREATE UNIQUE INDEX "patient_pair_record_a_record_b_key" ON "patient_pair"("record_a", "record_b");

-- CreateIndex
CREATE INDEX "report_custodian_accession_number_idx" ON "report"("custodian", "accession_number");

-- CreateIndex
CREATE INDEX "report_patient_id_idx" ON "report"("patient_id");

-- CreateIndex
CREATE INDEX "report_patient_record_id_idx" ON "report"("patient_record_id");

-- CreateIndex
CREATE UNIQUE INDEX "report_custodian_issuer_filler_number_key" ON "report"("custodian", "issuer", "filler_number");

-- CreateIndex
CREATE UNIQUE INDEX "report_version_report_id_message_id_key" ON "report_version"("report_id", "message_id");

-- CreateIndex
CREATE UNIQUE INDEX "report_version_report_id_version_key" ON "report_version"("report_id", "version");

-- CreateIndex
CREATE INDEX "imaging_request_patient_id_idx" ON "imaging_request"("patient_id");

-- CreateIndex
CREATE INDEX "imaging_request_patient_record_id_idx" ON "imaging_request"("patient_record_id");

-- CreateIndex
CREATE UNIQUE INDEX "imaging_request_custodian_issuer_accession_number_key" ON "imaging_request"("custodian", "issuer", "accession_number");

-- CreateIndex
CREATE UNIQUE INDEX "study_storage_id_key" ON "study"("storage_id");

-- CreateIndex
CREATE INDEX "study_patient_id_studied_at_idx" ON "study"("patient_id", "studied_at" DESC);

-- CreateIndex
CREATE INDEX "study_custodian_studied_at_id_idx" ON "study"("custodian", "studied_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "study_studied_at_id_idx" ON "study"("studied_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "study_changed_xid_idx" ON "study"("changed_xid");

-- CreateIndex
CREATE INDEX "study_accession_number_idx" ON "study"("accession_number");

-- CreateIndex
CREATE INDEX "study_patient_record_id_idx" ON "study"("patient_record_id");

-- CreateIndex
CREATE UNIQUE INDEX "study_custodian_study_instance_uid_key" ON "study"("custodian", "study_instance_uid");

-- CreateIndex
CREATE INDEX "series_study_id_idx" ON "series"("study_id");

-- CreateIndex
CREATE INDEX "series_settled_at_last_arrived_at_idx" ON "series"("settled_at", "last_arrived_at");

-- CreateIndex
CREATE UNIQUE INDEX "series_custodian_series_instance_uid_key" ON "series"("custodian", "series_instance_uid");

-- CreateIndex
CREATE INDEX "instance_series_id_instance_number_id_idx" ON "instance"("series_id", "instance_number", "id");

-- CreateIndex
CREATE UNIQUE INDEX "instance_custodian_sop_instance_uid_key" ON "instance"("custodian", "sop_instance_uid");

-- CreateIndex
CREATE UNIQUE INDEX "instance_alternate_instance_id_sha256_received_key" ON "instance_alternate"("instance_id", "sha256_received");

-- CreateIndex
CREATE INDEX "overlay_study_id_idx" ON "overlay"("study_id");

-- CreateIndex
CREATE UNIQUE INDEX "overlay_target_id_version_key" ON "overlay"("target_id", "version");

-- AddForeignKey
ALTER TABLE "inbox_item" ADD CONSTRAINT "inbox_item_upload_id_fkey" FOREIGN KEY ("upload_id") REFERENCES "upload"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agreement" ADD CONSTRAINT "agreement_ods_code_fkey" FOREIGN KEY ("ods_code") REFERENCES "organisation"("ods_code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_record" ADD CONSTRAINT "patient_record_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patient"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report_version" ADD CONSTRAINT "report_version_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "report"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "series" ADD CONSTRAINT "series_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance" ADD CONSTRAINT "instance_series_id_fkey" FOREIGN KEY ("series_id") REFERENCES "series"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance_alternate" ADD CONSTRAINT "instance_alternate_instance_id_fkey" FOREIGN KEY ("instance_id") REFERENCES "instance"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


