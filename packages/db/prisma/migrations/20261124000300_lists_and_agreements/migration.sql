-- An agreement binds both ways: a trust without one in force sees its own and nothing else, as the others see nothing of it.
CREATE OR REPLACE FUNCTION weald.begin_as(of_organisation text, only_patients text, at timestamptz) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS
$$
  WITH in_force AS (
    SELECT a.ods_code FROM agreement a WHERE a.starts_at <= at AND (a.ends_at IS NULL OR a.ends_at > at)
  )
  SELECT set_config('weald.custodians', coalesce(string_agg(o.ods_code, ','), ''), true)
      || set_config('weald.patients', only_patients, true)
  FROM organisation o
  WHERE of_organisation IS NULL
     OR o.ods_code = of_organisation
     OR (o.ods_code IN (SELECT ods_code FROM in_force) AND of_organisation IN (SELECT ods_code FROM in_force))
$$;

-- The same meaning as before in a form that the planner takes for likely: it believed that an OR of two settings lets one
-- row in two hundred through, and sorted a whole region for the first fifty rows of a list.
CREATE OR REPLACE FUNCTION weald.may_read_patient(patient uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(patient::text = ANY (string_to_array(nullif(current_setting('weald.patients', true), ''), ',')), true) $$;

-- Lists put studies without a time last, so their indexes must too, or they can't serve the order. Prisma's schema knows
-- the columns and not the place of nulls; the names stay.
DROP INDEX study_studied_at_id_idx;
CREATE INDEX study_studied_at_id_idx ON study (studied_at DESC NULLS LAST, id DESC);
DROP INDEX study_custodian_studied_at_id_idx;
CREATE INDEX study_custodian_studied_at_id_idx ON study (custodian, studied_at DESC NULLS LAST, id DESC);
-- Every list asks who is sensitive. There are few.
CREATE INDEX patient_record_sensitive_idx ON patient_record (patient_id) WHERE sensitivities <> '{}';

-- Whatever an insert says: the cursor of live lists is the transaction's own.
DROP TRIGGER study_stamp ON study;
CREATE TRIGGER study_stamp BEFORE INSERT OR UPDATE ON study FOR EACH ROW EXECUTE FUNCTION weald.stamp_change();

-- Who may see a study changes with a mark on its patient and with a relationship: open lists hear of both.
CREATE FUNCTION weald.touch_studies_of_patient() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE study SET changed_at = now() WHERE patient_id = NEW.patient_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER record_marked AFTER UPDATE OF sensitivities ON patient_record FOR EACH ROW
  WHEN (OLD.sensitivities IS DISTINCT FROM NEW.sensitivities) EXECUTE FUNCTION weald.touch_studies_of_patient();
CREATE TRIGGER relationship_begun AFTER INSERT ON relationship FOR EACH ROW EXECUTE FUNCTION weald.touch_studies_of_patient();

-- The runtime role changes data, never which migrations were applied.
DO $$
BEGIN
  IF to_regclass('public._prisma_migrations') IS NOT NULL THEN
    REVOKE ALL ON _prisma_migrations FROM weald_app;
  END IF;
END $$;
