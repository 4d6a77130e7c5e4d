-- HL7 v2 (docs/hl7.md). Every message that was taken: by its own id, so that the same one again changes nothing and
-- another one under the same id is seen.
CREATE TABLE "hl7_message" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "control_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "message_at" TIMESTAMPTZ(3) NOT NULL,
    "subjects" TEXT[],
    "state" TEXT NOT NULL,
    "inbox_item_id" UUID NOT NULL,
    "object_key" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "identity" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "hl7_message_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "hl7_message_custodian_sender_control_id_key" ON "hl7_message"("custodian", "sender", "control_id");
CREATE INDEX "hl7_message_subjects_idx" ON "hl7_message" USING GIN ("subjects");

-- What was ever said of a local number, and when by the sayer's own clock. A record is what they come to: in any order.
CREATE TABLE "patient_statement" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "local_number" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "said_at" TIMESTAMPTZ(3) NOT NULL,
    "is_update" BOOLEAN NOT NULL,
    "says" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "patient_statement_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "patient_statement_custodian_local_number_source_key" ON "patient_statement"("custodian", "local_number", "source");

-- Two local numbers of one trust that a message says are one person. Never deleted: `state` says whether it holds.
CREATE TABLE "patient_merge" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "old_number" TEXT NOT NULL,
    "surviving_number" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "said_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "rule" TEXT,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT,

    CONSTRAINT "patient_merge_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "patient_merge_custodian_old_number_surviving_number_source_key" ON "patient_merge"("custodian", "old_number", "surviving_number", "source");
CREATE INDEX "patient_merge_custodian_surviving_number_idx" ON "patient_merge"("custodian", "surviving_number");

-- A stay or an attendance: who cares for the patient from when to when.
CREATE TABLE "visit" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "visit_number" TEXT NOT NULL,
    "patient_record_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "patient_class" TEXT,
    "clinicians" TEXT[],
    "location" TEXT,
    "admitted_at" TIMESTAMPTZ(3),
    "discharged_at" TIMESTAMPTZ(3),
    "said" JSONB NOT NULL,
    "newest_at" TIMESTAMPTZ(3) NOT NULL,
    "aside_at" TIMESTAMPTZ(3),

    CONSTRAINT "visit_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "visit_custodian_visit_number_key" ON "visit"("custodian", "visit_number");
CREATE INDEX "visit_patient_record_id_idx" ON "visit"("patient_record_id");

CREATE TABLE "appointment" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "appointment_number" TEXT NOT NULL,
    "patient_record_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "state" TEXT,
    "starts_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "clinicians" TEXT[],
    "location" TEXT,
    "accession_number" TEXT,
    "issuer" TEXT,
    "said" JSONB NOT NULL,
    "aside_at" TIMESTAMPTZ(3),

    CONSTRAINT "appointment_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "appointment_custodian_appointment_number_key" ON "appointment"("custodian", "appointment_number");
CREATE INDEX "appointment_patient_record_id_idx" ON "appointment"("patient_record_id");

-- A request has one last word for each of its fields; `said` holds which message's word it is. What the modality worklist asks for.
ALTER TABLE "imaging_request"
    ADD COLUMN "order_state" TEXT,
    ADD COLUMN "booking" TEXT,
    ADD COLUMN "placer_number" TEXT,
    ADD COLUMN "referrer_id" TEXT,
    ADD COLUMN "scheduled_at" TIMESTAMPTZ(3),
    ADD COLUMN "modality" TEXT,
    ADD COLUMN "station_name" TEXT,
    ADD COLUMN "station_ae" TEXT,
    ADD COLUMN "location" TEXT,
    ADD COLUMN "requested_procedure_id" TEXT,
    ADD COLUMN "scheduled_step_id" TEXT,
    ADD COLUMN "study_instance_uid" TEXT,
    ADD COLUMN "said" JSONB NOT NULL DEFAULT '{}',
    ADD COLUMN "aside_at" TIMESTAMPTZ(3);
CREATE INDEX "imaging_request_custodian_scheduled_at_idx" ON "imaging_request"("custodian", "scheduled_at");

-- Taken in and found to be somebody else's when its study came: it waits for a person and is shown nowhere.
ALTER TABLE "report_version" ADD COLUMN "aside_at" TIMESTAMPTZ(3);

-- A relationship that a message makes hangs on the record that the message names, and follows it.
ALTER TABLE "relationship" ADD COLUMN "patient_record_id" UUID;
CREATE INDEX "relationship_organisation_kind_source_idx" ON "relationship"("organisation", "kind", "source");

-- As corrections have it, but for what hangs on one record: that follows the record alone.
CREATE OR REPLACE FUNCTION weald.follow_record() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE study SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE imaging_request SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE report SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  IF NOT EXISTS (SELECT 1 FROM patient_record WHERE patient_id = OLD.patient_id) THEN
    UPDATE relationship SET patient_id = NEW.patient_id, came_from = coalesce(came_from, OLD.patient_id)
      WHERE patient_id = OLD.patient_id AND patient_record_id IS NULL;
  END IF;
  UPDATE relationship SET patient_id = NEW.patient_id, came_from = NULL
    WHERE came_from = NEW.patient_id AND patient_id = OLD.patient_id AND patient_record_id IS NULL;
  RETURN NULL;
END
$$;

-- Rows that stand under one number of a trust are of one person, whatever record they were made with.
CREATE FUNCTION weald.follow_record_in_messages() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE visit SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE appointment SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE relationship SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE study SET changed_at = now() WHERE patient_id = NEW.patient_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER record_followed_in_messages AFTER UPDATE OF patient_id ON patient_record FOR EACH ROW
  WHEN (OLD.patient_id IS DISTINCT FROM NEW.patient_id) EXECUTE FUNCTION weald.follow_record_in_messages();

-- A name or a number that was put right shows on open lists, and so does a relationship that ends or begins anew.
CREATE TRIGGER record_updated AFTER UPDATE OF family, given, birth_date, sex, nhs_number, name_differs ON patient_record FOR EACH ROW
  WHEN ((OLD.family, OLD.given, OLD.birth_date, OLD.sex, OLD.nhs_number, OLD.name_differs)
    IS DISTINCT FROM (NEW.family, NEW.given, NEW.birth_date, NEW.sex, NEW.nhs_number, NEW.name_differs))
  EXECUTE FUNCTION weald.touch_studies_of_patient();
CREATE TRIGGER relationship_changed AFTER UPDATE OF starts_at, ends_at ON relationship FOR EACH ROW
  WHEN ((OLD.starts_at, OLD.ends_at) IS DISTINCT FROM (NEW.starts_at, NEW.ends_at))
  EXECUTE FUNCTION weald.touch_studies_of_patient();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['hl7_message', 'patient_statement', 'patient_merge']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY custodian ON %I USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO weald_app', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['visit', 'appointment']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY custodian_and_patient ON %I USING (weald.may_read_custodian(custodian) AND weald.may_read_patient(patient_id)) WITH CHECK (weald.may_read_custodian(custodian))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO weald_app', t);
  END LOOP;
END $$;
-- Declared by `reporting` for `correction`, as before, but for what waits for a person.
CREATE OR REPLACE VIEW reported_study WITH (security_invoker = true) AS
  SELECT s.id AS study_id FROM study s WHERE EXISTS (
    SELECT 1 FROM report r JOIN report_version v ON v.report_id = r.id
    WHERE r.custodian = s.custodian AND r.accession_number = s.accession_number AND r.patient_id = s.patient_id
      AND v.aside_at IS NULL AND (s.accession_issuer IS NULL OR r.issuer = s.accession_issuer));

-- What was said stays said.
REVOKE UPDATE ON patient_statement FROM weald_app;

-- What stands already was said once. The owner of the tables is under row-level security too, so the facts are set first.
SELECT weald.begin_as(NULL, '', now());
INSERT INTO patient_statement (id, custodian, local_number, source, said_at, is_update, says, received_at)
SELECT gen_random_uuid(), custodian, local_number, 'record', linked_at, false,
  jsonb_strip_nulls(jsonb_build_object(
    'issuer', issuer,
    'nhs', CASE WHEN nhs_number IS NOT NULL THEN jsonb_build_object('number', nhs_number, 'isVerified', nhs_verified) END,
    'name', jsonb_build_object('family', family, 'given', given, 'middle', middle, 'prefix', prefix,
      'ideographic', other_names ->> 'ideographic', 'phonetic', other_names ->> 'phonetic'),
    'birthDate', to_char(birth_date, 'YYYY-MM-DD'),
    'sex', sex)), linked_at
FROM patient_record;
UPDATE imaging_request SET order_state = state;
UPDATE relationship r SET patient_record_id = i.patient_record_id
  FROM imaging_request i
  WHERE r.kind = 'request' AND r.organisation = i.custodian AND r.source = 'request ' || i.issuer || ' ' || i.accession_number;
