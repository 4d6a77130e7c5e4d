-- What a list is narrowed by, in the order in which it is read (docs/adr/0033): a study has a row for each of its modalities, and one for being
-- unreported or having a preliminary report. A list of CT begins at its newest CT, however many there are, and so does a rare modality's.
-- It only says where to look: who reads it asks the study again. `is_current`: it no longer holds; no row is taken away.
CREATE TABLE "study_facet" (
    "study_id" UUID NOT NULL,
    "facet" TEXT NOT NULL,
    "custodian" TEXT NOT NULL,
    "studied_at" TIMESTAMPTZ(3),
    "study_date" DATE,
    "is_current" BOOLEAN NOT NULL,

    CONSTRAINT "study_facet_pkey" PRIMARY KEY ("study_id", "facet")
);
CREATE INDEX study_facet_newest_idx ON study_facet (facet, studied_at DESC NULLS LAST, study_id DESC) WHERE is_current;
CREATE INDEX study_facet_dated_idx ON study_facet (facet, study_date DESC NULLS LAST, study_id DESC) WHERE is_current;

GRANT SELECT, INSERT, UPDATE ON study_facet TO weald_app;
ALTER TABLE study_facet ENABLE ROW LEVEL SECURITY;
ALTER TABLE study_facet FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON study_facet
  USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));

-- Of a study as it stands. A report is a study's by trust, number, patient and, where the study says one, the number's issuer.
CREATE FUNCTION weald.facets_of(s study) RETURNS text[] LANGUAGE sql STABLE AS
$$
  SELECT ARRAY(SELECT 'modality ' || m FROM unnest(s.modalities) m) || CASE
    WHEN reports.count = 0 THEN ARRAY['report unreported']
    WHEN reports.preliminary > 0 THEN ARRAY['report preliminary']
    ELSE '{}' END
  FROM (SELECT count(*) AS count, count(*) FILTER (WHERE r.newest_status = 'preliminary') AS preliminary FROM report r
    WHERE r.custodian = s.custodian AND r.accession_number = s.accession_number AND r.patient_id = s.patient_id
      AND (s.accession_issuer IS NULL OR r.issuer = s.accession_issuer) AND r.newest_status IS NOT NULL) reports
$$;
CREATE FUNCTION weald.keep_facets(s study) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
  stands text[] := weald.facets_of(s);
BEGIN
  INSERT INTO study_facet (study_id, facet, custodian, studied_at, study_date, is_current)
    SELECT s.id, facet, s.custodian, s.studied_at, s.study_date, true FROM unnest(stands) AS facet ORDER BY facet
    ON CONFLICT (study_id, facet) DO UPDATE SET custodian = excluded.custodian, studied_at = excluded.studied_at,
      study_date = excluded.study_date, is_current = true
      WHERE (study_facet.custodian, study_facet.studied_at, study_facet.study_date, study_facet.is_current)
        IS DISTINCT FROM (excluded.custodian, excluded.studied_at, excluded.study_date, true);
  UPDATE study_facet SET is_current = false WHERE study_id = s.id AND is_current AND facet <> ALL (stands);
END
$$;

CREATE FUNCTION weald.keep_facets_of_study() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  PERFORM weald.keep_facets(NEW);
  RETURN NULL;
END
$$;
CREATE TRIGGER facets_new AFTER INSERT ON study FOR EACH ROW EXECUTE FUNCTION weald.keep_facets_of_study();
CREATE TRIGGER facets_kept AFTER UPDATE OF modalities, studied_at, study_date, accession_number, accession_issuer, patient_id, custodian ON study
  FOR EACH ROW WHEN ((OLD.modalities, OLD.studied_at, OLD.study_date, OLD.accession_number, OLD.accession_issuer, OLD.patient_id, OLD.custodian)
    IS DISTINCT FROM (NEW.modalities, NEW.studied_at, NEW.study_date, NEW.accession_number, NEW.accession_issuer, NEW.patient_id, NEW.custodian))
  EXECUTE FUNCTION weald.keep_facets_of_study();

CREATE FUNCTION weald.keep_facets_of_reported() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  PERFORM weald.keep_facets(s) FROM study s WHERE s.custodian = NEW.custodian AND s.accession_number = NEW.accession_number;
  IF TG_OP = 'UPDATE' AND (OLD.custodian, OLD.accession_number) IS DISTINCT FROM (NEW.custodian, NEW.accession_number) THEN
    PERFORM weald.keep_facets(s) FROM study s WHERE s.custodian = OLD.custodian AND s.accession_number = OLD.accession_number;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER facets_reported AFTER INSERT OR UPDATE OF newest_status, patient_id, accession_number, issuer, custodian ON report
  FOR EACH ROW EXECUTE FUNCTION weald.keep_facets_of_reported();

-- What stands already.
SELECT weald.begin_as(NULL, '', now());
INSERT INTO study_facet (study_id, facet, custodian, studied_at, study_date, is_current)
  SELECT s.id, facet, s.custodian, s.studied_at, s.study_date, true FROM study s CROSS JOIN LATERAL unnest(weald.facets_of(s)) AS facet;
