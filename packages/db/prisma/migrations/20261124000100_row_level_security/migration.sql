-- The runtime role. Its password is set at deployment, never here.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'weald_app') THEN
    CREATE ROLE weald_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- two databases of one cluster migrate at once
END $$;

-- Sessions are UTC by role: RDS Proxy refuses start-up options, and the driver would shift timestamps otherwise.
DO $$
BEGIN
  ALTER ROLE weald_app SET timezone = 'UTC';
EXCEPTION WHEN internal_error OR OTHERS THEN
  IF NOT EXISTS (
    SELECT 1 FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
    WHERE r.rolname = 'weald_app' AND 'TimeZone=UTC' = ANY (s.setconfig)
  ) THEN RAISE; END IF;
END $$;

CREATE SCHEMA weald;
GRANT USAGE ON SCHEMA public, weald TO weald_app;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO weald_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO weald_app;
-- Appended only.
REVOKE UPDATE ON audit_event FROM weald_app;
-- Rows that are work lists, not records.
GRANT DELETE ON outbox TO weald_app;

-- The two facts that row-level security holds to (docs/security.md): custodians in force, and a set of patients for
-- actors limited to it. Both are set first in the transaction. No facts: nothing.
CREATE FUNCTION weald.may_read_custodian(custodian text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT custodian = ANY (string_to_array(current_setting('weald.custodians', true), ',')) $$;

CREATE FUNCTION weald.may_read_patient(patient uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('weald.patients', true), '') = ''
       OR patient::text = ANY (string_to_array(current_setting('weald.patients', true), ',')) $$;

-- Sets both facts for this transaction. `of_organisation` sees its own, agreement or not; null (the system) sees all.
CREATE FUNCTION weald.begin_as(of_organisation text, only_patients text, at timestamptz) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS
$$
  SELECT set_config('weald.custodians', coalesce(string_agg(o.ods_code, ','), ''), true)
      || set_config('weald.patients', only_patients, true)
  FROM organisation o
  WHERE of_organisation IS NULL
     OR o.ods_code = of_organisation
     OR EXISTS (SELECT 1 FROM agreement a WHERE a.ods_code = o.ods_code AND a.starts_at <= at AND (a.ends_at IS NULL OR a.ends_at > at))
$$;

CREATE FUNCTION weald.stamp_change() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  NEW.changed_xid := pg_current_xact_id()::text::bigint;
  NEW.changed_at := now();
  RETURN NEW;
END
$$;
CREATE TRIGGER study_stamp BEFORE UPDATE ON study FOR EACH ROW EXECUTE FUNCTION weald.stamp_change();

-- A record that is joined to another patient takes along what hangs on it, and, if it was that patient's last record,
-- the relationships too. One place, whoever moves the record.
CREATE FUNCTION weald.follow_record() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE study SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE imaging_request SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE report SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  IF NOT EXISTS (SELECT 1 FROM patient_record WHERE patient_id = OLD.patient_id) THEN
    UPDATE relationship SET patient_id = NEW.patient_id WHERE patient_id = OLD.patient_id;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER record_followed AFTER UPDATE OF patient_id ON patient_record FOR EACH ROW
  WHEN (OLD.patient_id IS DISTINCT FROM NEW.patient_id) EXECUTE FUNCTION weald.follow_record();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['series', 'instance', 'instance_alternate', 'overlay', 'upload', 'inbox_item',
                           'quarantine_item', 'report_version', 'patient_pair']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY custodian ON %I USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian))', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['study', 'patient_record', 'imaging_request', 'report']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY custodian_and_patient ON %I USING (weald.may_read_custodian(custodian) AND weald.may_read_patient(patient_id)) WITH CHECK (weald.may_read_custodian(custodian))', t);
  END LOOP;
END $$;
