-- Lists that are narrowed to what is rare walked the whole region in the order of time until a page was full (tests/integration/index-plans.test.ts).

-- What is still arriving or short. `IS TRUE`: the planner knows how many such series there are by statistics of the expression, and of a
-- condition in the same words; of the bare condition it would guess a third.
CREATE INDEX series_incomplete_idx ON series (study_id)
  WHERE (settled_at IS NULL OR missing_count > 0 OR instance_count + set_aside_count < expected_count) IS TRUE;
CREATE STATISTICS series_incomplete ON (settled_at IS NULL OR missing_count > 0 OR instance_count + set_aside_count < expected_count) FROM series;

-- The status of a report's newest version that is shown; NULL: none is. Kept by a trigger, whoever writes versions.
ALTER TABLE "report" ADD COLUMN "newest_status" TEXT;
CREATE FUNCTION weald.keep_newest_status() RETURNS trigger LANGUAGE plpgsql AS
$$
DECLARE
  newest text := (SELECT status FROM report_version WHERE report_id = NEW.report_id AND aside_at IS NULL
    ORDER BY message_at DESC, length(message_id) DESC, message_id COLLATE "C" DESC LIMIT 1);
BEGIN
  UPDATE report SET newest_status = newest WHERE id = NEW.report_id AND newest_status IS DISTINCT FROM newest;
  RETURN NULL;
END
$$;
CREATE TRIGGER newest_status_kept AFTER INSERT OR UPDATE OF status, aside_at, message_at ON report_version
  FOR EACH ROW EXECUTE FUNCTION weald.keep_newest_status();
CREATE INDEX report_preliminary_idx ON report (custodian, accession_number) WHERE newest_status = 'preliminary';

-- What stands already. The owner of the tables is under row-level security too, so the facts are set first.
SELECT weald.begin_as(NULL, '', now());
UPDATE report r SET newest_status = v.status
  FROM (SELECT DISTINCT ON (report_id) report_id, status FROM report_version WHERE aside_at IS NULL
        ORDER BY report_id, message_at DESC, length(message_id) DESC, message_id COLLATE "C" DESC) v
  WHERE v.report_id = r.id;

-- Fuzzy search by name. No index serves `LIKE` under row-level security; equality and "begins with" it does. So the words of each name that a
-- trust's studies have stand here once, with the name that they are of. A name that no study has any more stays: it finds nothing.
CREATE TABLE "name_word" (
    "word" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "custodian" TEXT NOT NULL,

    CONSTRAINT "name_word_pkey" PRIMARY KEY ("word", "words", "custodian")
);
CREATE INDEX "study_patient_words_idx" ON "study"("patient_words");
GRANT SELECT, INSERT ON name_word TO weald_app;
ALTER TABLE name_word ENABLE ROW LEVEL SECURITY;
ALTER TABLE name_word FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON name_word USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));

-- In one order: two transactions that bring the same names don't wait for each other in a ring.
CREATE FUNCTION weald.keep_name_words() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  INSERT INTO name_word (word, words, custodian)
    SELECT DISTINCT word, NEW.patient_words, NEW.custodian FROM unnest(string_to_array(NEW.patient_words, ' ')) AS word
    WHERE word <> '' ORDER BY word ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER name_words_new AFTER INSERT ON study FOR EACH ROW EXECUTE FUNCTION weald.keep_name_words();
CREATE TRIGGER name_words_kept AFTER UPDATE OF attributes, overlaid ON study FOR EACH ROW
  WHEN (OLD.patient_words IS DISTINCT FROM NEW.patient_words) EXECUTE FUNCTION weald.keep_name_words();
INSERT INTO name_word (word, words, custodian)
  SELECT DISTINCT word, s.patient_words, s.custodian
  FROM (SELECT DISTINCT patient_words, custodian FROM study) s, unnest(string_to_array(s.patient_words, ' ')) AS word WHERE word <> '';
