-- What is still arriving or short is a thing that lists are narrowed by, too (docs/adr/0033): what stays short is there for years, so that there are ever more.
-- It stands apart from the facets of a study: a series says it, and series of one study arrive and settle side by side.
CREATE FUNCTION weald.has_incomplete(of_study uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$
  SELECT EXISTS (SELECT 1 FROM series e WHERE e.study_id = of_study
    AND (e.settled_at IS NULL OR e.missing_count > 0 OR e.instance_count + e.set_aside_count < e.expected_count) IS TRUE)
$$;

CREATE OR REPLACE FUNCTION weald.keep_facets(s study) RETURNS void LANGUAGE plpgsql AS
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
  UPDATE study_facet SET is_current = false
    WHERE study_id = s.id AND is_current AND facet <> 'series incomplete' AND facet <> ALL (stands);
  UPDATE study_facet SET custodian = s.custodian, studied_at = s.studied_at, study_date = s.study_date
    WHERE study_id = s.id AND facet = 'series incomplete'
      AND (custodian, studied_at, study_date) IS DISTINCT FROM (s.custodian, s.studied_at, s.study_date);
END
$$;

-- Written at once, and always: whoever is about to take it away waits for it, and looks again.
CREATE FUNCTION weald.say_incomplete() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  INSERT INTO study_facet (study_id, facet, custodian, studied_at, study_date, is_current)
    SELECT s.id, 'series incomplete', s.custodian, s.studied_at, s.study_date, true FROM study s WHERE s.id = NEW.study_id
    ON CONFLICT (study_id, facet) DO UPDATE SET custodian = excluded.custodian, studied_at = excluded.studied_at,
      study_date = excluded.study_date, is_current = true;
  RETURN NULL;
END
$$;
-- Locked first, then looked at anew: another series of the study may have been opened meanwhile.
CREATE FUNCTION weald.unsay_incomplete() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  PERFORM 1 FROM study_facet WHERE study_id = OLD.study_id AND facet = 'series incomplete' AND is_current FOR UPDATE;
  IF FOUND AND NOT weald.has_incomplete(OLD.study_id) THEN
    UPDATE study_facet SET is_current = false WHERE study_id = OLD.study_id AND facet = 'series incomplete';
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER incomplete_new AFTER INSERT ON series FOR EACH ROW
  WHEN ((NEW.settled_at IS NULL OR NEW.missing_count > 0 OR NEW.instance_count + NEW.set_aside_count < NEW.expected_count) IS TRUE)
  EXECUTE FUNCTION weald.say_incomplete();
CREATE TRIGGER incomplete_again AFTER UPDATE OF settled_at, missing_count, instance_count, set_aside_count, expected_count, study_id ON series FOR EACH ROW
  WHEN ((NEW.settled_at IS NULL OR NEW.missing_count > 0 OR NEW.instance_count + NEW.set_aside_count < NEW.expected_count) IS TRUE
    AND ((OLD.settled_at IS NULL OR OLD.missing_count > 0 OR OLD.instance_count + OLD.set_aside_count < OLD.expected_count) IS NOT TRUE
      OR OLD.study_id <> NEW.study_id))
  EXECUTE FUNCTION weald.say_incomplete();
CREATE TRIGGER incomplete_over AFTER UPDATE OF settled_at, missing_count, instance_count, set_aside_count, expected_count, study_id ON series FOR EACH ROW
  WHEN ((OLD.settled_at IS NULL OR OLD.missing_count > 0 OR OLD.instance_count + OLD.set_aside_count < OLD.expected_count) IS TRUE
    AND ((NEW.settled_at IS NULL OR NEW.missing_count > 0 OR NEW.instance_count + NEW.set_aside_count < NEW.expected_count) IS NOT TRUE
      OR OLD.study_id <> NEW.study_id))
  EXECUTE FUNCTION weald.unsay_incomplete();

-- What stands already.
SELECT weald.begin_as(NULL, '', now());
INSERT INTO study_facet (study_id, facet, custodian, studied_at, study_date, is_current)
  SELECT s.id, 'series incomplete', s.custodian, s.studied_at, s.study_date, true FROM study s WHERE weald.has_incomplete(s.id);
