-- Who signed in, their sessions, and the activities that an administrator gave them.
CREATE TABLE "person" (
    "id" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "last_organisation" TEXT NOT NULL,
    "last_role" TEXT,
    "last_activities" TEXT[],
    "seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "person_id" TEXT NOT NULL,
    "role_id" TEXT NOT NULL,
    "organisation" TEXT NOT NULL,
    "provider_sub" TEXT NOT NULL,
    "provider_sid" TEXT,
    "signed_in_at" TIMESTAMPTZ(3) NOT NULL,
    "proved_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "idle_seconds" INTEGER,
    "locked_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "ended_why" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "logout_token" (
    "jti" TEXT NOT NULL,
    "heard_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "logout_token_pkey" PRIMARY KEY ("jti")
);

CREATE TABLE "activity_grant" (
    "id" UUID NOT NULL,
    "person_id" TEXT NOT NULL,
    "organisation" TEXT NOT NULL,
    "activity" TEXT NOT NULL,
    "modalities" TEXT[],
    "body_parts" TEXT[],
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "granted_by" TEXT NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "ended_by" TEXT,
    "ended_reason" TEXT,

    CONSTRAINT "activity_grant_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "person_last_organisation_idx" ON "person"("last_organisation");

CREATE INDEX "session_person_id_ended_at_idx" ON "session"("person_id", "ended_at");

CREATE INDEX "session_provider_sid_idx" ON "session"("provider_sid");

CREATE INDEX "session_provider_sub_idx" ON "session"("provider_sub");

CREATE INDEX "activity_grant_person_id_organisation_ends_at_idx" ON "activity_grant"("person_id", "organisation", "ends_at");

CREATE INDEX "activity_grant_organisation_ends_at_idx" ON "activity_grant"("organisation", "ends_at");

-- A grant is ended, never rewritten: who gave what to whom stays as it was said.
CREATE FUNCTION weald.grant_stays() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  IF (NEW.id, NEW.person_id, NEW.organisation, NEW.activity, NEW.modalities, NEW.body_parts, NEW.starts_at, NEW.granted_by, NEW.granted_at, NEW.reason)
    IS DISTINCT FROM (OLD.id, OLD.person_id, OLD.organisation, OLD.activity, OLD.modalities, OLD.body_parts, OLD.starts_at, OLD.granted_by, OLD.granted_at, OLD.reason)
    OR NEW.ends_at > OLD.ends_at
  THEN RAISE EXCEPTION 'a grant is only ended'; END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER grant_only_ends BEFORE UPDATE ON activity_grant FOR EACH ROW EXECUTE FUNCTION weald.grant_stays();

-- A session that is over stays over, and never gets longer.
CREATE FUNCTION weald.session_stays() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  IF OLD.ended_at IS NOT NULL OR NEW.ends_at > OLD.ends_at
    OR (NEW.id, NEW.person_id, NEW.role_id, NEW.organisation, NEW.proved_at) IS DISTINCT FROM (OLD.id, OLD.person_id, OLD.role_id, OLD.organisation, OLD.proved_at)
    OR (OLD.locked_at IS NOT NULL AND NEW.locked_at IS NULL)
  THEN RAISE EXCEPTION 'a session only locks and ends'; END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER session_only_ends BEFORE UPDATE ON session FOR EACH ROW EXECUTE FUNCTION weald.session_stays();

-- Names of staff stand beside what they did, also after their trust's agreement has ended: `person` has no custodian.
-- `logout_token` holds random ids alone.
GRANT SELECT, INSERT, UPDATE ON person TO weald_app;
GRANT SELECT, INSERT ON logout_token TO weald_app;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['session', 'activity_grant']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY organisation ON %I USING (weald.may_read_custodian(organisation)) WITH CHECK (weald.may_read_custodian(organisation))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO weald_app', t);
  END LOOP;
END $$;
