-- AlterTable
ALTER TABLE "patient_record" ADD COLUMN     "died_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "report_version" ADD COLUMN     "alert" TEXT;

-- CreateTable
CREATE TABLE "patient_contact" (
    "id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "patient_record_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "proxy_id" UUID,
    "channel" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "added_by" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "read_back_by" TEXT,
    "read_back_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "patient_contact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patient_proxy" (
    "id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "patient_record_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "basis" TEXT NOT NULL,
    "evidence" TEXT NOT NULL,
    "seen_by" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "suspended_for" INTEGER,
    "suspended_at" TIMESTAMPTZ(3),
    "told_for" INTEGER,
    "reviewed_for" INTEGER,
    "reviewed_by" TEXT,
    "reviewed_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "ended_why" TEXT,

    CONSTRAINT "patient_proxy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patient_sharing" (
    "patient_record_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "patient_id" UUID NOT NULL,
    "call_first_at" TIMESTAMPTZ(3),
    "quiet_at" TIMESTAMPTZ(3),
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "patient_sharing_pkey" PRIMARY KEY ("patient_record_id")
);

-- CreateTable
CREATE TABLE "study_release" (
    "study_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "patient_record_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "told_at" TIMESTAMPTZ(3),
    "told_by" TEXT,
    "held_at" TIMESTAMPTZ(3),
    "held_by" TEXT,
    "not_to_proxies_at" TIMESTAMPTZ(3),
    "not_to_proxies_by" TEXT,

    CONSTRAINT "study_release_pkey" PRIMARY KEY ("study_id")
);

-- CreateTable
CREATE TABLE "release_rule" (
    "id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "modality" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "days" INTEGER,
    "made_by" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "release_rule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link_setting" (
    "organisation" TEXT NOT NULL,
    "review_age" INTEGER NOT NULL DEFAULT 13,
    "help_name" TEXT NOT NULL DEFAULT '',
    "help_phone" TEXT NOT NULL DEFAULT '',
    "help_hours" TEXT NOT NULL DEFAULT '',
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "link_setting_pkey" PRIMARY KEY ("organisation")
);

-- CreateTable
CREATE TABLE "patient_link" (
    "id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "patient_record_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "recipient" TEXT NOT NULL,
    "proxy_id" UUID,
    "parent_id" UUID,
    "passed_to" TEXT,
    "passed_address" TEXT,
    "contact_id" UUID,
    "delivery" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "has_report" BOOLEAN NOT NULL,
    "may_download" BOOLEAN NOT NULL,
    "asks_birth_date" BOOLEAN NOT NULL,
    "issued_by" TEXT NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "delivered_at" TIMESTAMPTZ(3),
    "locked_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "ended_why" TEXT,

    CONSTRAINT "patient_link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link_item" (
    "id" UUID NOT NULL,
    "link_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "study_id" UUID NOT NULL,
    "series_id" UUID,
    "instance_id" UUID,
    "frames" INTEGER[],

    CONSTRAINT "link_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link_token" (
    "hash" TEXT NOT NULL,
    "link_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "patient_id" UUID NOT NULL,
    "minted_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "link_token_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "link_code" (
    "id" UUID NOT NULL,
    "link_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "patient_id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "proof" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "link_code_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link_try" (
    "id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "link_id" UUID,
    "patient_id" UUID,
    "address" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "link_try_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link_session" (
    "id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "link_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "patient_id" UUID NOT NULL,
    "device" TEXT NOT NULL,
    "agent_hash" TEXT NOT NULL,
    "began_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "ended_why" TEXT,

    CONSTRAINT "link_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message_to_send" (
    "id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "patient_id" UUID NOT NULL,
    "link_id" UUID,
    "contact_id" UUID,
    "template" TEXT NOT NULL,
    "is_urgent" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "failed" TEXT,
    "delivered_id" TEXT,
    "made_by" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "message_to_send_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link_task" (
    "id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "for_whom" TEXT NOT NULL,
    "patient_id" UUID NOT NULL,
    "link_id" UUID,
    "study_id" UUID,
    "proxy_id" UUID,
    "words" TEXT NOT NULL DEFAULT '',
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "done_at" TIMESTAMPTZ(3),
    "done_by" TEXT,
    "done_words" TEXT,

    CONSTRAINT "link_task_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "patient_contact_patient_id_idx" ON "patient_contact"("patient_id");

-- CreateIndex
CREATE INDEX "patient_contact_patient_record_id_idx" ON "patient_contact"("patient_record_id");

-- CreateIndex
CREATE INDEX "patient_contact_address_idx" ON "patient_contact"("address");

-- CreateIndex
CREATE INDEX "patient_proxy_patient_id_idx" ON "patient_proxy"("patient_id");

-- CreateIndex
CREATE INDEX "patient_proxy_patient_record_id_idx" ON "patient_proxy"("patient_record_id");

-- CreateIndex
CREATE INDEX "patient_proxy_ended_at_idx" ON "patient_proxy"("ended_at");

-- CreateIndex
CREATE INDEX "patient_sharing_patient_id_idx" ON "patient_sharing"("patient_id");

-- CreateIndex
CREATE INDEX "study_release_patient_id_idx" ON "study_release"("patient_id");

-- CreateIndex
CREATE INDEX "study_release_patient_record_id_idx" ON "study_release"("patient_record_id");

-- CreateIndex
CREATE INDEX "release_rule_organisation_ended_at_idx" ON "release_rule"("organisation", "ended_at");

-- CreateIndex
CREATE INDEX "patient_link_patient_id_idx" ON "patient_link"("patient_id");

-- CreateIndex
CREATE INDEX "patient_link_patient_record_id_idx" ON "patient_link"("patient_record_id");

-- CreateIndex
CREATE INDEX "patient_link_organisation_issued_by_idx" ON "patient_link"("organisation", "issued_by");

-- CreateIndex
CREATE INDEX "patient_link_parent_id_idx" ON "patient_link"("parent_id");

-- CreateIndex
CREATE INDEX "patient_link_proxy_id_idx" ON "patient_link"("proxy_id");

-- CreateIndex
CREATE INDEX "link_item_link_id_idx" ON "link_item"("link_id");

-- CreateIndex
CREATE INDEX "link_item_study_id_idx" ON "link_item"("study_id");

-- CreateIndex
CREATE INDEX "link_token_link_id_idx" ON "link_token"("link_id");

-- CreateIndex
CREATE INDEX "link_code_token_hash_ends_at_idx" ON "link_code"("token_hash", "ends_at");

-- CreateIndex
CREATE INDEX "link_try_token_hash_at_idx" ON "link_try"("token_hash", "at");

-- CreateIndex
CREATE INDEX "link_try_address_at_idx" ON "link_try"("address", "at");

-- CreateIndex
CREATE INDEX "link_try_patient_id_at_idx" ON "link_try"("patient_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "link_session_hash_key" ON "link_session"("hash");

-- CreateIndex
CREATE INDEX "link_session_link_id_idx" ON "link_session"("link_id");

-- CreateIndex
CREATE INDEX "message_to_send_state_due_at_idx" ON "message_to_send"("state", "due_at");

-- CreateIndex
CREATE INDEX "message_to_send_link_id_idx" ON "message_to_send"("link_id");

-- CreateIndex
CREATE INDEX "link_task_organisation_done_at_idx" ON "link_task"("organisation", "done_at");

-- CreateIndex
CREATE INDEX "link_task_for_whom_done_at_idx" ON "link_task"("for_whom", "done_at");

-- CreateIndex
CREATE INDEX "link_task_link_id_idx" ON "link_task"("link_id");

-- AddForeignKey
ALTER TABLE "link_item" ADD CONSTRAINT "link_item_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "patient_link"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link_token" ADD CONSTRAINT "link_token_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "patient_link"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link_session" ADD CONSTRAINT "link_session_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "patient_link"("id") ON DELETE RESTRICT ON UPDATE CASCADE;



DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['patient_contact', 'patient_proxy', 'patient_sharing', 'study_release', 'patient_link', 'link_token',
                           'link_code', 'link_session', 'message_to_send', 'link_task']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY custodian_and_patient ON %I USING (weald.may_read_custodian(organisation) AND weald.may_read_patient(patient_id)) WITH CHECK (weald.may_read_custodian(organisation))', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['release_rule', 'link_setting']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY organisation ON %I USING (weald.may_read_custodian(organisation)) WITH CHECK (weald.may_read_custodian(organisation))', t);
  END LOOP;
END $$;
-- Whoever may know the link may know what it shows.
ALTER TABLE link_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE link_item FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_link ON link_item USING (weald.may_read_custodian(organisation) AND EXISTS (SELECT 1 FROM patient_link l WHERE l.id = link_id))
  WITH CHECK (weald.may_read_custodian(organisation));
GRANT SELECT, INSERT, UPDATE ON patient_contact, patient_proxy, patient_sharing, study_release, release_rule, link_setting, patient_link,
  link_token, link_code, link_session, message_to_send, link_task TO weald_app;
-- What a link shows is never widened, and what was tried is never changed. Tries are of nobody that row-level security knows.
GRANT SELECT, INSERT ON link_item, link_try TO weald_app;

-- Links go with the record that they were made of, as meetings' cases do; a study that went elsewhere is shown by none of them.
CREATE FUNCTION weald.follow_record_links() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  UPDATE patient_contact SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE patient_proxy SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE patient_sharing SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  UPDATE study_release SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  -- Whoever has it open proves anew who they are.
  UPDATE link_session SET ended_at = now(), ended_why = 'record-moved'
    WHERE ended_at IS NULL AND link_id IN (SELECT id FROM patient_link WHERE patient_record_id = NEW.id);
  UPDATE link_session SET patient_id = NEW.patient_id WHERE link_id IN (SELECT id FROM patient_link WHERE patient_record_id = NEW.id);
  UPDATE link_token SET patient_id = NEW.patient_id WHERE link_id IN (SELECT id FROM patient_link WHERE patient_record_id = NEW.id);
  UPDATE link_code SET patient_id = NEW.patient_id WHERE link_id IN (SELECT id FROM patient_link WHERE patient_record_id = NEW.id);
  UPDATE message_to_send SET patient_id = NEW.patient_id WHERE link_id IN (SELECT id FROM patient_link WHERE patient_record_id = NEW.id);
  UPDATE link_task SET patient_id = NEW.patient_id WHERE link_id IN (SELECT id FROM patient_link WHERE patient_record_id = NEW.id);
  UPDATE patient_link SET patient_id = NEW.patient_id WHERE patient_record_id = NEW.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER record_followed_links AFTER UPDATE OF patient_id ON patient_record FOR EACH ROW
  WHEN (OLD.patient_id IS DISTINCT FROM NEW.patient_id) EXECUTE FUNCTION weald.follow_record_links();
