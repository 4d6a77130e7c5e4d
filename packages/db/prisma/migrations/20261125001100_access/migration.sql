-- Agreements say what kinds of data, for which purposes, and with whom (NULL: every member that has one too).
ALTER TABLE agreement
  ADD COLUMN with_ods text,
  ADD COLUMN kinds text[] NOT NULL DEFAULT ARRAY['images', 'reports', 'requests']::text[],
  ADD COLUMN purposes text[] NOT NULL DEFAULT ARRAY['direct-care', 'reporting', 'operations', 'audit']::text[],
  ADD COLUMN stopped_at timestamptz(3),
  ADD COLUMN begun_by text NOT NULL DEFAULT 'set-up',
  ADD COLUMN ended_by text,
  ADD COLUMN reason text;
ALTER TABLE agreement ADD CONSTRAINT agreement_with_ods_fkey FOREIGN KEY (with_ods) REFERENCES organisation(ods_code) ON DELETE SET NULL ON UPDATE CASCADE;

-- What is marked sensitive of a person, without row-level security and without saying by whom: a trust that left takes its
-- records out of sight and not its marks. Kept by a trigger; the runtime role only reads it.
CREATE TABLE sensitive_mark (
  patient_record_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  classes text[],
  CONSTRAINT sensitive_mark_pkey PRIMARY KEY (patient_record_id)
);
CREATE INDEX sensitive_mark_patient_id_idx ON sensitive_mark (patient_id);

CREATE FUNCTION weald.keep_mark() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
$$
BEGIN
  IF NEW.sensitivities = '{}' THEN
    DELETE FROM sensitive_mark WHERE patient_record_id = NEW.id;
  ELSE
    INSERT INTO sensitive_mark (patient_record_id, patient_id, classes) VALUES (NEW.id, NEW.patient_id, NEW.sensitivities)
      ON CONFLICT (patient_record_id) DO UPDATE SET patient_id = EXCLUDED.patient_id, classes = EXCLUDED.classes;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER record_mark_new AFTER INSERT ON patient_record FOR EACH ROW WHEN (NEW.sensitivities <> '{}') EXECUTE FUNCTION weald.keep_mark();
CREATE TRIGGER record_mark_kept AFTER UPDATE OF sensitivities, patient_id ON patient_record FOR EACH ROW
  WHEN (OLD.sensitivities IS DISTINCT FROM NEW.sensitivities OR (NEW.sensitivities <> '{}' AND OLD.patient_id <> NEW.patient_id))
  EXECUTE FUNCTION weald.keep_mark();
INSERT INTO sensitive_mark (patient_record_id, patient_id, classes)
  SELECT id, patient_id, sensitivities FROM patient_record WHERE sensitivities <> '{}';

-- Which patient somebody on the staff is: closed to them as staff.
CREATE TABLE own_record (
  person_id text NOT NULL,
  patient_record_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  stated_by text NOT NULL,
  stated_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  CONSTRAINT own_record_pkey PRIMARY KEY (person_id, patient_record_id)
);
CREATE INDEX own_record_patient_id_idx ON own_record (patient_id);

-- A patient asked that a study, or all that a trust holds (study_id NULL), isn't seen beyond that trust (clinical page §10).
CREATE TABLE objection (
  id uuid NOT NULL,
  patient_record_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  held_by text NOT NULL,
  study_id uuid,
  discussed_by text NOT NULL,
  recorded_by text NOT NULL,
  starts_at timestamptz(3) NOT NULL,
  ends_at timestamptz(3),
  ended_by text,
  CONSTRAINT objection_pkey PRIMARY KEY (id)
);
CREATE INDEX objection_patient_id_held_by_idx ON objection (patient_id, held_by);

-- Broken glass: one person, one patient, four hours, and what became of its review.
CREATE TABLE broken_glass (
  id uuid NOT NULL,
  patient_id uuid NOT NULL,
  person_id text NOT NULL,
  role_id text NOT NULL,
  role text NOT NULL,
  organisation text NOT NULL,
  reason text NOT NULL,
  words text NOT NULL,
  was_proved boolean NOT NULL,
  was_audited boolean NOT NULL DEFAULT true,
  started_at timestamptz(3) NOT NULL,
  ends_at timestamptz(3) NOT NULL,
  outcome text,
  outcome_words text,
  reviewed_by text,
  reviewed_at timestamptz(3),
  CONSTRAINT broken_glass_pkey PRIMARY KEY (id)
);
CREATE INDEX broken_glass_person_id_ends_at_idx ON broken_glass (person_id, ends_at);
CREATE INDEX broken_glass_patient_id_ends_at_idx ON broken_glass (patient_id, ends_at);
CREATE INDEX broken_glass_organisation_started_at_idx ON broken_glass (organisation, started_at);

GRANT SELECT, INSERT, UPDATE ON own_record, objection, broken_glass TO weald_app;
GRANT SELECT ON sensitive_mark TO weald_app;

-- What hangs on a record goes with it, whoever moves it: also what the person objects to and who of the staff they are.
CREATE FUNCTION weald.follow_record_access() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE objection SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE own_record SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  IF NOT EXISTS (SELECT 1 FROM patient_record WHERE patient_id = OLD.patient_id) THEN
    UPDATE broken_glass SET patient_id = NEW.patient_id WHERE patient_id = OLD.patient_id;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER record_followed_access AFTER UPDATE OF patient_id ON patient_record FOR EACH ROW
  WHEN (OLD.patient_id IS DISTINCT FROM NEW.patient_id) EXECUTE FUNCTION weald.follow_record_access();

-- Open lists hear of what opens and closes.
CREATE TRIGGER objection_changed AFTER INSERT OR UPDATE ON objection FOR EACH ROW EXECUTE FUNCTION weald.touch_studies_of_patient();

-- An agreement whose end has come still lets an open study be read for an hour, unless it was stopped: which, is the waist's to say.
CREATE FUNCTION weald.agreements_at(at timestamptz)
RETURNS TABLE (ods_code text, with_ods text, kinds text[], purposes text[], ended_at timestamptz) LANGUAGE sql STABLE AS
$$
  SELECT a.ods_code, a.with_ods, a.kinds, a.purposes, CASE WHEN a.ends_at <= at THEN a.ends_at END
  FROM agreement a
  WHERE a.starts_at <= at AND (a.stopped_at IS NULL OR a.stopped_at > at) AND (a.ends_at IS NULL OR a.ends_at + interval '60 minutes' > at)
$$;

-- Every way by which `held_by` shares with `of_organisation`: as members of the region, or by an agreement of the two.
CREATE FUNCTION weald.sharing(of_organisation text, at timestamptz)
RETURNS TABLE (held_by text, kinds text[], purposes text[], ended_at timestamptz) LANGUAGE sql STABLE AS
$$
  WITH a AS MATERIALIZED (SELECT * FROM weald.agreements_at(at))
  SELECT o.ods_code, o.kinds, o.purposes, least(o.ended_at, m.ended_at)
  FROM a o JOIN a m ON m.ods_code = of_organisation AND m.with_ods IS NULL
  WHERE o.with_ods IS NULL AND o.ods_code <> of_organisation
  UNION ALL
  SELECT a.ods_code, a.kinds, a.purposes, a.ended_at FROM a WHERE a.with_ods = of_organisation
  UNION ALL
  SELECT a.with_ods, a.kinds, a.purposes, a.ended_at FROM a WHERE a.ods_code = of_organisation AND a.with_ods IS NOT NULL
$$;

-- Whose lists somebody's may hold, now.
CREATE FUNCTION weald.custodians_sharing(of_organisation text, kind text, purpose text, at timestamptz)
RETURNS text[] LANGUAGE sql STABLE AS
$$
  SELECT array_append(coalesce(array_agg(DISTINCT s.held_by), '{}'), of_organisation)
  FROM weald.sharing(of_organisation, at) s
  WHERE s.ended_at IS NULL AND kind = ANY (s.kinds) AND purpose = ANY (s.purposes)
$$;

CREATE OR REPLACE FUNCTION weald.begin_as(of_organisation text, only_patients text, at timestamptz) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS
$$
  SELECT set_config('weald.custodians', coalesce(string_agg(o.ods_code, ','), ''), true)
      || set_config('weald.patients', only_patients, true)
  FROM organisation o
  WHERE of_organisation IS NULL
     OR o.ods_code = of_organisation
     OR o.ods_code IN (SELECT s.held_by FROM weald.sharing(of_organisation, at) s)
$$;

-- What is withheld of a patient because its trust shares no more: whose, and how many; no row of it is read.
CREATE FUNCTION weald.left_behind(of_organisation text, of_patient uuid, at timestamptz)
RETURNS TABLE (held_by text, studies int) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$
  SELECT s.custodian, count(*)::int FROM study s
  WHERE s.patient_id = of_patient AND s.custodian <> of_organisation
    AND NOT EXISTS (SELECT 1 FROM weald.sharing(of_organisation, at) g WHERE g.held_by = s.custodian AND g.ended_at IS NULL)
    AND EXISTS (SELECT 1 FROM agreement a WHERE a.ods_code = s.custodian)
  GROUP BY s.custodian ORDER BY s.custodian
$$;
