-- Who reads which study now. A row is true for a minute after it was last said again.
CREATE TABLE "reading_now" (
    "study_id" UUID NOT NULL,
    "person_id" TEXT NOT NULL,
    "custodian" TEXT NOT NULL,
    "organisation" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reading_now_pkey" PRIMARY KEY ("study_id","person_id")
);

ALTER TABLE reading_now ENABLE ROW LEVEL SECURITY;
ALTER TABLE reading_now FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON reading_now USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));
GRANT SELECT, INSERT, UPDATE ON reading_now TO weald_app;
