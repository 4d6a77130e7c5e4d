-- What ending an organisation's sharing would cut, in numbers: asked before it is done. As the asker sees it (RLS holds).
CREATE FUNCTION weald.cut_by_ending(of_organisation text, at timestamptz)
RETURNS TABLE (studies int, relationships int, open_studies int) LANGUAGE sql STABLE AS
$$
  SELECT
    (SELECT count(*)::int FROM study s WHERE s.custodian = of_organisation),
    (SELECT count(*)::int FROM relationship r WHERE r.organisation <> of_organisation AND r.starts_at <= at AND r.ends_at > at
       AND EXISTS (SELECT 1 FROM patient_record p WHERE p.patient_id = r.patient_id AND p.custodian = of_organisation)),
    (SELECT count(DISTINCT (e.actor_id, e.study_id))::int FROM audit_event e WHERE e.verb = 'opened' AND e.outcome = 'success'
       AND e.actor_kind = 'person' AND e.custodian = of_organisation AND e.organisation <> of_organisation AND e.at > at - interval '12 hours')
$$;
