-- Who chases an action, when, and how often: its owner sees it.
ALTER TABLE "outcome_action" ADD COLUMN "chased_by" TEXT, ADD COLUMN "chased_at" TIMESTAMPTZ(3), ADD COLUMN "chases" INTEGER NOT NULL DEFAULT 0;

-- A booking alone moves a meeting's page: an order or an appointment may be all that there is of a patient.
ALTER TABLE "imaging_request" ADD COLUMN "changed_xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint;
CREATE TRIGGER imaging_request_stamp BEFORE UPDATE ON imaging_request FOR EACH ROW EXECUTE FUNCTION weald.stamp_xid();

-- A session that is a meeting's display: it shows that meeting's list and nothing else (clinical page §6).
ALTER TABLE "session" ADD COLUMN "display_meeting_id" UUID;

-- Of a display the database itself answers only for the patients of its list. It reads the list; no other actor who is limited to certain
-- patients has a part in a meeting.
CREATE OR REPLACE FUNCTION weald.may_read_meetings() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('weald.patients', true), '') = '' OR coalesce(current_setting('weald.display', true), '') <> '' $$;

-- Narrows this transaction to a display's list. A list without cases shows nobody: an empty setting would mean everybody.
CREATE FUNCTION weald.begin_display(of_meeting uuid) RETURNS text
LANGUAGE sql AS
$$
  SELECT set_config('weald.display', of_meeting::text, true)
      || set_config('weald.patients', coalesce(string_agg(DISTINCT c.patient_id::text, ','), '00000000-0000-0000-0000-000000000000'), true)
  FROM meeting_case c WHERE c.meeting_id = of_meeting AND c.state <> 'removed'
$$;
