-- The newest of a name are found by an index alone, of a family's thousands as of two: with the day that they are ordered by, and with what
-- row-level security asks of a row. By the name alone each of them was looked up in the table first.
CREATE INDEX study_named_idx ON study (patient_name, study_date DESC NULLS LAST, id DESC) INCLUDE (custodian, patient_id);
CREATE INDEX study_worded_idx ON study (patient_words, study_date DESC NULLS LAST, id DESC) INCLUDE (custodian, patient_id);
DROP INDEX study_patient_name_idx;
DROP INDEX study_patient_words_idx;

-- What was vacuumed needn't be looked up. Left to itself a table of ten years is vacuumed for new rows once in two of them.
ALTER TABLE study SET (autovacuum_vacuum_insert_scale_factor = 0.01);
