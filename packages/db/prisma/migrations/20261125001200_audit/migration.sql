-- From where somebody looked, and which transaction wrote it. What stands already is of this one.
ALTER TABLE "audit_event"
  ADD COLUMN "from_address" TEXT,
  ADD COLUMN "from_system" TEXT,
  ADD COLUMN "session_id" TEXT,
  ADD COLUMN "is_prefetch" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint;
CREATE INDEX "audit_event_custodian_at_idx" ON "audit_event"("custodian", "at");
CREATE INDEX "audit_event_organisation_at_idx" ON "audit_event"("organisation", "at");
CREATE INDEX "audit_event_xid_idx" ON "audit_event"("xid");

-- What was fetched and perhaps displayed is asked for each minute, of one day.
CREATE INDEX audit_event_fetched_idx ON audit_event (at) WHERE verb = 'fetched-ahead' AND NOT is_prefetch;

CREATE TABLE "audit_seal" (
    "chain" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "xid_from" BIGINT NOT NULL,
    "xid_to" BIGINT NOT NULL,
    "count" INTEGER NOT NULL,
    "root" TEXT NOT NULL,
    "previous" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_seal_pkey" PRIMARY KEY ("chain","number")
);

CREATE TABLE "audit_verification" (
    "id" UUID NOT NULL,
    "verified_at" TIMESTAMPTZ(3) NOT NULL,
    "seals" INTEGER NOT NULL,
    "rows" INTEGER NOT NULL,
    "faults" JSONB NOT NULL,

    CONSTRAINT "audit_verification_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "audit_verification_verified_at_idx" ON "audit_verification"("verified_at");

CREATE TABLE "access_flag" (
    "id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "person_id" TEXT NOT NULL,
    "role" TEXT,
    "organisation" TEXT NOT NULL,
    "custodian" TEXT NOT NULL,
    "patient_id" UUID NOT NULL,
    "rules" TEXT[],
    "event_id" UUID NOT NULL,
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" TEXT,
    "note" TEXT,
    "reviewed_by" TEXT,
    "reviewed_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_flag_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "access_flag_day_person_id_patient_id_key" ON "access_flag"("day", "person_id", "patient_id");
CREATE INDEX "access_flag_organisation_raised_at_idx" ON "access_flag"("organisation", "raised_at");
CREATE INDEX "access_flag_custodian_raised_at_idx" ON "access_flag"("custodian", "raised_at");

CREATE TABLE "review_progress" (
    "after_hours" INTEGER NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "review_progress_pkey" PRIMARY KEY ("after_hours")
);
GRANT SELECT, INSERT, UPDATE ON review_progress TO weald_app;

-- Whatever an insert says: a row belongs to the transaction that wrote it, or it would slip past its seal.
CREATE FUNCTION weald.stamp_audit() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  NEW.xid := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END
$$;
CREATE TRIGGER audit_event_stamp BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION weald.stamp_audit();

-- Appended only, for the owner of the tables too.
CREATE FUNCTION weald.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'AUDIT_APPENDED_ONLY: % of % is refused', TG_OP, TG_TABLE_NAME; END $$;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['audit_event', 'audit_seal', 'audit_verification']
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION weald.refuse_change()', t || '_kept', t);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION weald.refuse_change()', t || '_not_emptied', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON audit_seal, audit_verification TO weald_app;

-- Flags are of the trust whose staff looked and of the one whose record it was.
ALTER TABLE access_flag ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_flag FORCE ROW LEVEL SECURITY;
CREATE POLICY both_trusts ON access_flag
  USING (weald.may_read_custodian(organisation) OR weald.may_read_custodian(custodian))
  WITH CHECK (weald.may_read_custodian(organisation) OR weald.may_read_custodian(custodian));
GRANT SELECT, INSERT, UPDATE ON access_flag TO weald_app;

-- The oldest transaction that may still write: what is older is all there, or never will be.
CREATE FUNCTION weald.oldest_open_xid() RETURNS bigint LANGUAGE sql VOLATILE AS
$$ SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint $$;
