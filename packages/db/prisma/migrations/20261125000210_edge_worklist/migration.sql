-- Declared by `request`, `patient` and `study` for `worklist`: what a trust is to do, for its modalities. What a modality has
-- said that it completed is no work any more.
CREATE VIEW scheduled_procedure WITH (security_invoker = true) AS
  SELECT r.id, r.custodian, r.patient_id, r.accession_number, r.issuer, r.procedure_code, r.procedure_text, r.laterality,
    r.referrer, r.priority, r.question, r.state, coalesce(r.scheduled_at, r.requested_at, r.message_at) AS scheduled_at,
    r.modality, r.station_ae, r.station_name, r.location, r.requested_procedure_id, r.scheduled_step_id, r.study_instance_uid,
    p.local_number, p.nhs_number, p.family, p.given, p.middle, p.prefix, p.birth_date, p.sex
  FROM imaging_request r JOIN patient_record p ON p.id = r.patient_record_id
  WHERE r.aside_at IS NULL AND r.state IN ('requested', 'booked', 'arrived') AND NOT EXISTS (
    SELECT 1 FROM performed_step s
    WHERE s.custodian = r.custodian AND s.accession_number = r.accession_number AND s.state = 'completed');
GRANT SELECT ON scheduled_procedure TO weald_app;
