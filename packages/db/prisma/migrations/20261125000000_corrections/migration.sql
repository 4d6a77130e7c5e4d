-- Corrections (clinical page §2): nothing is rewritten or deleted; flags, overlays and their history say what is served.
ALTER TABLE "relationship" ADD COLUMN "came_from" UUID;

ALTER TABLE "study" ADD COLUMN "corrected_at" TIMESTAMPTZ(3),
ADD COLUMN "corrected_how" TEXT,
ADD COLUMN "original" JSONB,
ADD COLUMN "original_record_id" UUID,
ADD COLUMN "rejected_at" TIMESTAMPTZ(3),
ADD COLUMN "served_version" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN "withheld_at" TIMESTAMPTZ(3);

ALTER TABLE "series" ADD COLUMN "original" JSONB,
ADD COLUMN "original_study_id" UUID,
ADD COLUMN "rejected_at" TIMESTAMPTZ(3),
ADD COLUMN "served_version" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "set_aside_count" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "instance" ADD COLUMN "original_series_id" UUID,
ADD COLUMN "rejected_at" TIMESTAMPTZ(3);

CREATE TABLE "correction" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "study_id" UUID NOT NULL,
    "from_patient_id" UUID NOT NULL,
    "to_patient_id" UUID,
    "asked" JSONB NOT NULL,
    "before" JSONB,
    "code" TEXT,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "asked_by" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "decision_reason" TEXT,
    "done_at" TIMESTAMPTZ(3),
    "undoes" UUID,
    "note_instance_id" UUID,
    CONSTRAINT "correction_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "correction_notice" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "correction_id" UUID NOT NULL,
    "person_id" TEXT,
    "role" TEXT,
    "organisation" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledged_by" TEXT,
    "acknowledged_at" TIMESTAMPTZ(3),
    CONSTRAINT "correction_notice_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "record_merge" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "from_record" UUID NOT NULL,
    "into_record" UUID NOT NULL,
    "from_patient" UUID NOT NULL,
    "into_patient" UUID NOT NULL,
    "moved_records" UUID[],
    "moved_studies" UUID[],
    "how" TEXT NOT NULL,
    "message_id" TEXT,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "undone_at" TIMESTAMPTZ(3),
    "undone_by" TEXT,
    "undone_reason" TEXT,
    CONSTRAINT "record_merge_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "retention_hold" (
    "id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "study_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "placed_by" TEXT NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "ended_reason" TEXT,
    CONSTRAINT "retention_hold_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "correction_custodian_state_asked_at_idx" ON "correction"("custodian", "state", "asked_at");

CREATE INDEX "correction_study_id_idx" ON "correction"("study_id");

CREATE INDEX "correction_notice_person_id_acknowledged_at_idx" ON "correction_notice"("person_id", "acknowledged_at");

CREATE INDEX "correction_notice_organisation_acknowledged_at_idx" ON "correction_notice"("organisation", "acknowledged_at");

CREATE INDEX "correction_notice_correction_id_idx" ON "correction_notice"("correction_id");

CREATE INDEX "record_merge_from_record_idx" ON "record_merge"("from_record");

CREATE INDEX "record_merge_into_record_idx" ON "record_merge"("into_record");

CREATE INDEX "record_merge_custodian_at_idx" ON "record_merge"("custodian", "at");

CREATE INDEX "retention_hold_study_id_idx" ON "retention_hold"("study_id");

CREATE INDEX "audit_event_study_id_at_idx" ON "audit_event"("study_id", "at");

CREATE INDEX "instance_original_series_id_idx" ON "instance"("original_series_id");

ALTER TABLE "correction_notice" ADD CONSTRAINT "correction_notice_correction_id_fkey" FOREIGN KEY ("correction_id") REFERENCES "correction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Declared by the audit for `correction`: who opened a study, under which patient.
CREATE VIEW study_opening WITH (security_invoker = true) AS
  SELECT study_id, patient_id, actor_id AS person_id, role, organisation, at FROM audit_event
  WHERE actor_kind = 'person' AND outcome = 'success' AND study_id IS NOT NULL
    AND verb IN ('opened', 'displayed', 'fetched-ahead', 'taken-out') AND organisation IS NOT NULL;
-- Declared by `reporting` for `correction`: studies for which a report stands.
CREATE VIEW reported_study WITH (security_invoker = true) AS
  SELECT s.id AS study_id FROM study s WHERE EXISTS (
    SELECT 1 FROM report r JOIN report_version v ON v.report_id = r.id
    WHERE r.custodian = s.custodian AND r.accession_number = s.accession_number AND r.patient_id = s.patient_id
      AND (s.accession_issuer IS NULL OR r.issuer = s.accession_issuer));

-- The overlay's word where it has one (also an empty one), else the image's.
CREATE FUNCTION weald.served_text(attributes jsonb, tag text, said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN attributes ? tag THEN attributes #>> ARRAY[tag, 'Value', '0'] ELSE said END $$;

CREATE FUNCTION weald.da_date(value text) RETURNS date LANGUAGE plpgsql IMMUTABLE AS
$$
BEGIN
  RETURN to_date(nullif(value, ''), 'YYYYMMDD');
EXCEPTION WHEN OTHERS THEN RETURN NULL;
END
$$;

-- Lists filter and sort by index columns, and reports are tied by them: they hold what is served. One place, whoever writes
-- an overlay. What the images say is kept in `original` from the first correction on.
CREATE FUNCTION weald.project_overlay() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE study SET served_version = served_version + 1 WHERE id = NEW.study_id;
  IF NEW.level = 'study' THEN
    UPDATE series SET served_version = served_version + 1 WHERE study_id = NEW.target_id;
    UPDATE study SET original = jsonb_build_object('description', description, 'studyDate', study_date, 'studiedAt', studied_at,
        'accessionNumber', accession_number, 'accessionIssuer', accession_issuer)
      WHERE id = NEW.target_id AND original IS NULL;
    UPDATE study SET
      description = weald.served_text(NEW.attributes, '00081030', original ->> 'description'),
      accession_number = weald.served_text(NEW.attributes, '00080050', original ->> 'accessionNumber'),
      accession_issuer = CASE WHEN NEW.attributes ? '00080051' THEN NEW.attributes #>> '{00080051,Value,0,00400031,Value,0}'
        ELSE original ->> 'accessionIssuer' END,
      study_date = CASE WHEN NEW.attributes ? '00080020' THEN weald.da_date(NEW.attributes #>> '{00080020,Value,0}')
        ELSE (original ->> 'studyDate')::date END,
      studied_at = CASE WHEN NEW.attributes ? '00080020' THEN
          (weald.da_date(NEW.attributes #>> '{00080020,Value,0}')
            + ((original ->> 'studiedAt')::timestamptz AT TIME ZONE 'Europe/London')::time) AT TIME ZONE 'Europe/London'
        ELSE (original ->> 'studiedAt')::timestamptz END
      WHERE id = NEW.target_id;
  ELSIF NEW.level = 'series' THEN
    UPDATE series SET served_version = served_version + 1, original = coalesce(original,
        jsonb_build_object('description', description, 'bodyPart', body_part, 'laterality', laterality))
      WHERE id = NEW.target_id;
    UPDATE series SET
      description = weald.served_text(NEW.attributes, '0008103E', original ->> 'description'),
      body_part = weald.served_text(NEW.attributes, '00180015', original ->> 'bodyPart'),
      laterality = CASE WHEN NEW.attributes ?| ARRAY['00200062', '00200060']
        THEN coalesce(NEW.attributes #>> '{00200062,Value,0}', NEW.attributes #>> '{00200060,Value,0}')
        ELSE original ->> 'laterality' END
      WHERE id = NEW.target_id;
    UPDATE study SET body_parts = ARRAY(SELECT DISTINCT e.body_part FROM series e
        WHERE e.study_id = NEW.study_id AND e.body_part IS NOT NULL AND e.rejected_at IS NULL ORDER BY 1)
      WHERE id = NEW.study_id;
  ELSE
    UPDATE series SET served_version = served_version + 1
      WHERE id = (SELECT series_id FROM instance WHERE id = NEW.target_id);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER overlay_projected AFTER INSERT ON overlay FOR EACH ROW EXECUTE FUNCTION weald.project_overlay();

-- As before; and what was stated of a patient whose records were joined to another's goes back with them when they part.
CREATE OR REPLACE FUNCTION weald.follow_record() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE study SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE imaging_request SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE report SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  IF NOT EXISTS (SELECT 1 FROM patient_record WHERE patient_id = OLD.patient_id) THEN
    UPDATE relationship SET patient_id = NEW.patient_id, came_from = coalesce(came_from, OLD.patient_id)
      WHERE patient_id = OLD.patient_id;
  END IF;
  UPDATE relationship SET patient_id = NEW.patient_id, came_from = NULL
    WHERE came_from = NEW.patient_id AND patient_id = OLD.patient_id;
  RETURN NULL;
END
$$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['correction', 'correction_notice', 'record_merge', 'retention_hold']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY custodian ON %I USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO weald_app', t);
  END LOOP;
END $$;
GRANT SELECT ON study_opening, reported_study TO weald_app;

-- Overlays that stand already are projected as a new one would be.
SELECT weald.begin_as(NULL, '', now());
UPDATE study s SET original = jsonb_build_object('description', s.description, 'studyDate', s.study_date, 'studiedAt', s.studied_at,
    'accessionNumber', s.accession_number, 'accessionIssuer', s.accession_issuer),
  description = weald.served_text(o.attributes, '00081030', s.description),
  accession_number = weald.served_text(o.attributes, '00080050', s.accession_number)
  FROM overlay o WHERE o.level = 'study' AND o.target_id = s.id
    AND NOT EXISTS (SELECT 1 FROM overlay n WHERE n.target_id = o.target_id AND n.version > o.version);
