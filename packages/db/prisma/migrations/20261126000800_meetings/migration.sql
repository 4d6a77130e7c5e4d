-- Meetings, their cases and what is known of them; referrals. Schema: packages/db/prisma/schema/mdt.prisma.
CREATE TABLE "meeting_series" (
    "id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "specialty" TEXT NOT NULL,
    "weekday" INTEGER NOT NULL,
    "every_weeks" INTEGER NOT NULL DEFAULT 1,
    "local_time" TEXT NOT NULL,
    "zone" TEXT NOT NULL DEFAULT 'Europe/London',
    "duration_minutes" INTEGER NOT NULL,
    "first_on" DATE NOT NULL,
    "last_on" DATE,
    "rooms" TEXT[],
    "sites" TEXT[],
    "chair_id" TEXT,
    "cut_off_hours" INTEGER NOT NULL,
    "visible_hours" INTEGER NOT NULL,
    "quorum" JSONB NOT NULL DEFAULT '[]',
    "template" JSONB NOT NULL DEFAULT '[]',
    "version" INTEGER NOT NULL DEFAULT 1,
    "made_by" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "meeting_series_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "meeting_member" (
    "id" UUID NOT NULL,
    "series_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "works_for" TEXT NOT NULL,
    "part" TEXT NOT NULL,
    "added_by" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "meeting_member_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "meeting" (
    "id" UUID NOT NULL,
    "series_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "held_on" DATE NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "cut_off_at" TIMESTAMPTZ(3) NOT NULL,
    "rooms" TEXT[],
    "chair_id" TEXT,
    "note" TEXT NOT NULL DEFAULT '',
    "state" TEXT NOT NULL DEFAULT 'open',
    "published_at" TIMESTAMPTZ(3),
    "published_by" TEXT,
    "visible_until" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,

    CONSTRAINT "meeting_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "meeting_case" (
    "id" UUID NOT NULL,
    "meeting_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "patient_record_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "matched_how" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'listed',
    "source" TEXT NOT NULL,
    "source_id" UUID,
    "basis" TEXT NOT NULL,
    "basis_words" TEXT NOT NULL,
    "act_of" TEXT,
    "question" TEXT NOT NULL DEFAULT '',
    "question_version" INTEGER NOT NULL DEFAULT 1,
    "referrer" TEXT NOT NULL DEFAULT '',
    "target_date" DATE,
    "pathway" TEXT NOT NULL DEFAULT '',
    "procedure" TEXT NOT NULL DEFAULT '',
    "side" TEXT,
    "details_version" INTEGER NOT NULL DEFAULT 1,
    "position" INTEGER NOT NULL,
    "group_name" TEXT NOT NULL DEFAULT '',
    "place_version" INTEGER NOT NULL DEFAULT 1,
    "presenter_id" TEXT,
    "radiologist_id" TEXT,
    "site" TEXT NOT NULL DEFAULT '',
    "people_version" INTEGER NOT NULL DEFAULT 1,
    "added_by" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_by" TEXT,
    "removed_at" TIMESTAMPTZ(3),
    "removed_reason" TEXT,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,

    CONSTRAINT "meeting_case_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "case_study" (
    "case_id" UUID NOT NULL,
    "study_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "part" TEXT NOT NULL,
    "decided_by" TEXT NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "case_study_pkey" PRIMARY KEY ("case_id","study_id")
);

CREATE TABLE "case_pin" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "study_id" UUID NOT NULL,
    "series_id" UUID,
    "mark_id" UUID,
    "kind" TEXT NOT NULL,
    "words" TEXT NOT NULL DEFAULT '',
    "position" INTEGER NOT NULL,
    "pinned_by" TEXT NOT NULL,
    "pinned_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_by" TEXT,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "case_pin_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "case_requirement" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "modalities" TEXT[],
    "regions" TEXT[],
    "max_age_days" INTEGER,
    "is_from_template" BOOLEAN NOT NULL,
    "met_by_study_id" UUID,
    "met_by_report_id" UUID,
    "met_by_words" TEXT,
    "met_on" DATE,
    "met_at_trust" TEXT,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "waived_reason" TEXT,
    "waived_by" TEXT,
    "waived_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "added_by" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "case_requirement_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "case_ask" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "about" TEXT NOT NULL,
    "requirement_id" UUID,
    "asked_of_id" TEXT,
    "asked_of" TEXT NOT NULL,
    "words" TEXT NOT NULL DEFAULT '',
    "asked_by" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "reminded_at" TIMESTAMPTZ(3),
    "reminders" INTEGER NOT NULL DEFAULT 0,
    "said" TEXT,
    "said_by" TEXT,
    "said_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ended_why" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "case_ask_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "case_outside_line" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "held_by" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "asked_of" TEXT NOT NULL,
    "asked_on" DATE NOT NULL,
    "state" TEXT NOT NULL,
    "said" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "case_outside_line_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "case_pathology" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "reported_on" DATE,
    "noted_by" TEXT NOT NULL,
    "noted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "case_pathology_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "case_preparation" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "preparer_id" TEXT NOT NULL,
    "review" TEXT NOT NULL DEFAULT '',
    "prepared_at" TIMESTAMPTZ(3),
    "fixed" JSONB,
    "version" INTEGER NOT NULL DEFAULT 1,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "case_preparation_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "case_readiness" (
    "case_id" UUID NOT NULL,
    "moment" TEXT NOT NULL,
    "organisation" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "aspects" JSONB NOT NULL,

    CONSTRAINT "case_readiness_pkey" PRIMARY KEY ("case_id","moment")
);

CREATE TABLE "meeting_attendance" (
    "id" UUID NOT NULL,
    "meeting_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "scope_id" UUID NOT NULL,
    "attendee" TEXT NOT NULL,
    "works_for" TEXT NOT NULL,
    "part" TEXT NOT NULL,
    "is_present" BOOLEAN NOT NULL,
    "recorded_by" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "meeting_attendance_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "meeting_presenting" (
    "meeting_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "presenter_id" TEXT NOT NULL,
    "case_id" UUID,
    "pin_id" UUID,
    "step" INTEGER NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "meeting_presenting_pkey" PRIMARY KEY ("meeting_id")
);

CREATE TABLE "case_outcome" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "patient_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "decision" TEXT NOT NULL DEFAULT '',
    "staging" JSONB,
    "opinion" TEXT,
    "opinion_words" TEXT NOT NULL DEFAULT '',
    "opinion_by" TEXT,
    "deferral_reason" TEXT,
    "deferred_to" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "signed_by" TEXT,
    "signed_at" TIMESTAMPTZ(3),
    "fixed" JSONB,
    "present" JSONB,

    CONSTRAINT "case_outcome_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "outcome_action" (
    "id" UUID NOT NULL,
    "outcome_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "what" TEXT NOT NULL,
    "owner_id" TEXT,
    "owner" TEXT NOT NULL,
    "due_on" DATE,
    "done_by" TEXT,
    "done_at" TIMESTAMPTZ(3),
    "removed_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "outcome_action_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "outcome_addendum" (
    "id" UUID NOT NULL,
    "outcome_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "written_by" TEXT NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outcome_addendum_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "outcome_change" (
    "id" UUID NOT NULL,
    "outcome_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "person_id" TEXT NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3),

    CONSTRAINT "outcome_change_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "outcome_delivery" (
    "id" UUID NOT NULL,
    "outcome_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "addenda" INTEGER NOT NULL DEFAULT 0,
    "sent_by" TEXT NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by" TEXT,
    "failed" TEXT,

    CONSTRAINT "outcome_delivery_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "report_difference" (
    "id" UUID NOT NULL,
    "outcome_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "custodian" TEXT NOT NULL,
    "study_id" UUID NOT NULL,
    "report_id" UUID NOT NULL,
    "report_version" INTEGER NOT NULL,
    "grade" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "opened_by" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "reminded_at" TIMESTAMPTZ(3),
    "closed_version" INTEGER,
    "closed_words" TEXT,
    "closed_by" TEXT,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "report_difference_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "referral" (
    "id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "to_organisation" TEXT NOT NULL,
    "to_series_id" UUID,
    "to_person_id" TEXT,
    "service" TEXT NOT NULL,
    "patient_record_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "question" TEXT NOT NULL,
    "urgency" TEXT NOT NULL DEFAULT 'routine',
    "study_id" UUID,
    "prior_ids" UUID[],
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_by" TEXT,
    "opened_at" TIMESTAMPTZ(3),
    "reply" TEXT,
    "replied_by" TEXT,
    "replied_at" TIMESTAMPTZ(3),
    "withdrawn_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "referral_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "meeting_series_organisation_kind_idx" ON "meeting_series"("organisation", "kind");

CREATE INDEX "meeting_member_person_id_ended_at_idx" ON "meeting_member"("person_id", "ended_at");

CREATE UNIQUE INDEX "meeting_member_series_id_person_id_key" ON "meeting_member"("series_id", "person_id");

CREATE INDEX "meeting_organisation_starts_at_idx" ON "meeting"("organisation", "starts_at");

CREATE INDEX "meeting_starts_at_idx" ON "meeting"("starts_at");

CREATE UNIQUE INDEX "meeting_series_id_held_on_key" ON "meeting"("series_id", "held_on");

CREATE INDEX "meeting_case_meeting_id_position_idx" ON "meeting_case"("meeting_id", "position");

CREATE INDEX "meeting_case_patient_id_idx" ON "meeting_case"("patient_id");

CREATE INDEX "meeting_case_patient_record_id_idx" ON "meeting_case"("patient_record_id");

CREATE INDEX "meeting_case_organisation_changed_xid_idx" ON "meeting_case"("organisation", "changed_xid");

CREATE INDEX "case_study_study_id_idx" ON "case_study"("study_id");

CREATE INDEX "case_pin_case_id_position_idx" ON "case_pin"("case_id", "position");

CREATE INDEX "case_pin_study_id_idx" ON "case_pin"("study_id");

CREATE INDEX "case_requirement_case_id_position_idx" ON "case_requirement"("case_id", "position");

CREATE INDEX "case_ask_case_id_asked_at_idx" ON "case_ask"("case_id", "asked_at");

CREATE INDEX "case_ask_asked_of_id_ended_at_idx" ON "case_ask"("asked_of_id", "ended_at");

CREATE INDEX "case_outside_line_case_id_idx" ON "case_outside_line"("case_id");

CREATE INDEX "case_pathology_case_id_noted_at_idx" ON "case_pathology"("case_id", "noted_at" DESC);

CREATE INDEX "case_preparation_preparer_id_idx" ON "case_preparation"("preparer_id");

CREATE UNIQUE INDEX "case_preparation_case_id_preparer_id_key" ON "case_preparation"("case_id", "preparer_id");

CREATE UNIQUE INDEX "meeting_attendance_meeting_id_scope_id_attendee_key" ON "meeting_attendance"("meeting_id", "scope_id", "attendee");

CREATE UNIQUE INDEX "case_outcome_case_id_key" ON "case_outcome"("case_id");

CREATE INDEX "case_outcome_patient_id_idx" ON "case_outcome"("patient_id");

CREATE INDEX "outcome_action_outcome_id_position_idx" ON "outcome_action"("outcome_id", "position");

CREATE INDEX "outcome_action_owner_id_done_at_idx" ON "outcome_action"("owner_id", "done_at");

CREATE INDEX "outcome_addendum_outcome_id_written_at_idx" ON "outcome_addendum"("outcome_id", "written_at");

CREATE INDEX "outcome_change_person_id_acknowledged_at_idx" ON "outcome_change"("person_id", "acknowledged_at");

CREATE UNIQUE INDEX "outcome_change_outcome_id_kind_subject_id_version_person_id_key" ON "outcome_change"("outcome_id", "kind", "subject_id", "version", "person_id");

CREATE INDEX "outcome_delivery_outcome_id_idx" ON "outcome_delivery"("outcome_id");

CREATE INDEX "report_difference_custodian_closed_at_idx" ON "report_difference"("custodian", "closed_at");

CREATE INDEX "report_difference_report_id_idx" ON "report_difference"("report_id");

CREATE INDEX "referral_to_organisation_sent_at_idx" ON "referral"("to_organisation", "sent_at");

CREATE INDEX "referral_person_id_sent_at_idx" ON "referral"("person_id", "sent_at");

CREATE INDEX "referral_patient_id_idx" ON "referral"("patient_id");

CREATE INDEX "referral_patient_record_id_idx" ON "referral"("patient_record_id");

ALTER TABLE "meeting_member" ADD CONSTRAINT "meeting_member_series_id_fkey" FOREIGN KEY ("series_id") REFERENCES "meeting_series"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "meeting" ADD CONSTRAINT "meeting_series_id_fkey" FOREIGN KEY ("series_id") REFERENCES "meeting_series"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "meeting_case" ADD CONSTRAINT "meeting_case_meeting_id_fkey" FOREIGN KEY ("meeting_id") REFERENCES "meeting"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "case_study" ADD CONSTRAINT "case_study_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "case_pin" ADD CONSTRAINT "case_pin_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "case_requirement" ADD CONSTRAINT "case_requirement_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "case_ask" ADD CONSTRAINT "case_ask_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "case_outside_line" ADD CONSTRAINT "case_outside_line_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "case_pathology" ADD CONSTRAINT "case_pathology_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "case_preparation" ADD CONSTRAINT "case_preparation_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "case_readiness" ADD CONSTRAINT "case_readiness_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "meeting_attendance" ADD CONSTRAINT "meeting_attendance_meeting_id_fkey" FOREIGN KEY ("meeting_id") REFERENCES "meeting"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "meeting_presenting" ADD CONSTRAINT "meeting_presenting_meeting_id_fkey" FOREIGN KEY ("meeting_id") REFERENCES "meeting"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "case_outcome" ADD CONSTRAINT "case_outcome_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "outcome_action" ADD CONSTRAINT "outcome_action_outcome_id_fkey" FOREIGN KEY ("outcome_id") REFERENCES "case_outcome"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "outcome_addendum" ADD CONSTRAINT "outcome_addendum_outcome_id_fkey" FOREIGN KEY ("outcome_id") REFERENCES "case_outcome"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "outcome_change" ADD CONSTRAINT "outcome_change_outcome_id_fkey" FOREIGN KEY ("outcome_id") REFERENCES "case_outcome"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "outcome_delivery" ADD CONSTRAINT "outcome_delivery_outcome_id_fkey" FOREIGN KEY ("outcome_id") REFERENCES "case_outcome"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "report_difference" ADD CONSTRAINT "report_difference_outcome_id_fkey" FOREIGN KEY ("outcome_id") REFERENCES "case_outcome"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- A meeting is its trust's; whoever shares with that trust passes here, and the waist says who of them. Who is limited to certain
-- patients (a patient themselves) has no part in it. A report's difference is also that of the report's trust, a referral that of both.
CREATE FUNCTION weald.may_read_meetings() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('weald.patients', true), '') = '' $$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['meeting_series', 'meeting_member', 'meeting', 'meeting_case', 'case_study', 'case_pin', 'case_requirement',
                           'case_ask', 'case_outside_line', 'case_pathology', 'case_preparation', 'case_readiness', 'meeting_attendance',
                           'meeting_presenting', 'case_outcome', 'outcome_action', 'outcome_addendum', 'outcome_change', 'outcome_delivery']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY organisation ON %I USING (weald.may_read_custodian(organisation) AND weald.may_read_meetings()) WITH CHECK (weald.may_read_custodian(organisation) AND weald.may_read_meetings())', t);
  END LOOP;
END $$;
ALTER TABLE report_difference ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_difference FORCE ROW LEVEL SECURITY;
CREATE POLICY of_either ON report_difference
  USING ((weald.may_read_custodian(organisation) OR weald.may_read_custodian(custodian)) AND weald.may_read_meetings())
  WITH CHECK ((weald.may_read_custodian(organisation) OR weald.may_read_custodian(custodian)) AND weald.may_read_meetings());
ALTER TABLE referral ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral FORCE ROW LEVEL SECURITY;
CREATE POLICY of_either ON referral
  USING ((weald.may_read_custodian(organisation) OR weald.may_read_custodian(to_organisation)) AND weald.may_read_meetings())
  WITH CHECK ((weald.may_read_custodian(organisation) OR weald.may_read_custodian(to_organisation)) AND weald.may_read_meetings());

-- Nothing of it is deleted; what was said at a moment, and an addendum, are never changed either.
GRANT SELECT, INSERT, UPDATE ON meeting_series, meeting_member, meeting, meeting_case, case_study, case_pin, case_requirement, case_ask,
  case_outside_line, case_preparation, meeting_attendance, meeting_presenting, case_outcome, outcome_action, outcome_change,
  outcome_delivery, report_difference, referral TO weald_app;
GRANT SELECT, INSERT ON case_pathology, case_readiness, outcome_addendum TO weald_app;

-- The cursor of a meeting's page: a change of the meeting, of a case, or of anything that hangs on a case.
CREATE FUNCTION weald.stamp_xid() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  NEW.changed_xid := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END
$$;
CREATE TRIGGER meeting_stamp BEFORE UPDATE ON meeting FOR EACH ROW EXECUTE FUNCTION weald.stamp_xid();
CREATE TRIGGER meeting_case_stamp BEFORE UPDATE ON meeting_case FOR EACH ROW EXECUTE FUNCTION weald.stamp_xid();

CREATE FUNCTION weald.touch_case() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE meeting_case SET changed_xid = 0 WHERE id = NEW.case_id;
  RETURN NULL;
END
$$;
CREATE FUNCTION weald.touch_case_of_outcome() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE meeting_case SET changed_xid = 0 WHERE id = (SELECT o.case_id FROM case_outcome o WHERE o.id = NEW.outcome_id);
  RETURN NULL;
END
$$;
CREATE FUNCTION weald.touch_meeting() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE meeting SET changed_xid = 0 WHERE id = NEW.meeting_id;
  RETURN NULL;
END
$$;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['case_study', 'case_pin', 'case_requirement', 'case_ask', 'case_outside_line', 'case_pathology',
                           'case_preparation', 'case_outcome']
  LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION weald.touch_case()', t || '_touches', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['outcome_action', 'outcome_addendum', 'outcome_change', 'outcome_delivery', 'report_difference']
  LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION weald.touch_case_of_outcome()', t || '_touches', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['meeting_attendance', 'meeting_presenting']
  LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION weald.touch_meeting()', t || '_touches', t);
  END LOOP;
END $$;

-- A case and a referral go with the record by which their patient was found, whoever moves it, also one whose trust may not read the list.
CREATE FUNCTION weald.follow_record_meetings() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
$$
BEGIN
  UPDATE meeting_case SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE case_outcome SET patient_id = NEW.patient_id WHERE case_id IN (SELECT id FROM meeting_case WHERE patient_record_id = NEW.id);
  UPDATE referral SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER record_followed_meetings AFTER UPDATE OF patient_id ON patient_record FOR EACH ROW
  WHEN (OLD.patient_id IS DISTINCT FROM NEW.patient_id) EXECUTE FUNCTION weald.follow_record_meetings();
