-- CreateTable
CREATE TABLE "viewer_preference" (
    "person_id" TEXT NOT NULL,
    "organisation" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "viewer_preference_pkey" PRIMARY KEY ("person_id","organisation")
);

ALTER TABLE viewer_preference ENABLE ROW LEVEL SECURITY;
ALTER TABLE viewer_preference FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation ON viewer_preference USING (weald.may_read_custodian(organisation)) WITH CHECK (weald.may_read_custodian(organisation));
GRANT SELECT, INSERT, UPDATE ON viewer_preference TO weald_app;
