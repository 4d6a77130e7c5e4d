-- Of each object that was sent a row says how it came out, for its sender. After three months nobody waits for that any more: the images
-- themselves, their audit and what was put aside stand elsewhere (docs/adr/0034). What waits for a person, and messages, keep theirs.
CREATE INDEX inbox_item_let_go_idx ON inbox_item (settled_at)
  WHERE kind = 'dicom' AND outcome IN ('accepted', 'duplicate', 'alternate', 'skipped');

-- A sending of which nothing is left goes too: its sender is told that it isn't known, and sends again what it still has. One that
-- brought outside images, or was made of a study, is a record.
CREATE FUNCTION weald.let_go_of_outcomes(before timestamptz, most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
$$
DECLARE
  let_go int;
  sendings uuid[];
BEGIN
  IF before > now() - interval '30 days' THEN
    RAISE EXCEPTION 'how a sending came out is kept for thirty days at least' USING ERRCODE = 'check_violation';
  END IF;
  WITH over AS (
    SELECT i.id FROM inbox_item i
    WHERE i.kind = 'dicom' AND i.outcome IN ('accepted', 'duplicate', 'alternate', 'skipped') AND i.settled_at < before
      AND NOT EXISTS (SELECT 1 FROM quarantine_item q WHERE q.inbox_item_id = i.id AND q.state = 'waiting')
    ORDER BY i.settled_at LIMIT most FOR UPDATE SKIP LOCKED),
  gone AS (DELETE FROM inbox_item i USING over WHERE i.id = over.id RETURNING i.upload_id)
  SELECT count(*), array_agg(DISTINCT upload_id) INTO let_go, sendings FROM gone;
  DELETE FROM upload u WHERE u.id = ANY (sendings) AND u.created_at < before
    AND u.patient_record_id IS NULL AND u.for_study_id IS NULL AND u.confirmed_reason IS NULL
    AND NOT EXISTS (SELECT 1 FROM inbox_item i WHERE i.upload_id = u.id)
    AND NOT EXISTS (SELECT 1 FROM outside_confirmation c WHERE c.upload_id = u.id);
  RETURN let_go;
END
$$;
REVOKE ALL ON FUNCTION weald.let_go_of_outcomes(timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION weald.let_go_of_outcomes(timestamptz, int) TO weald_app;
