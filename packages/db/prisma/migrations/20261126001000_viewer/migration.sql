-- When each person last opened a study: what came since is told to them on their lists.
CREATE TABLE "study_look" (
    "person_id" TEXT NOT NULL,
    "study_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "looked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "study_look_pkey" PRIMARY KEY ("person_id","study_id")
);

-- Where each person stopped in a study: which image, window and layout. Their own alone.
CREATE TABLE "bookmark" (
    "person_id" TEXT NOT NULL,
    "study_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "served_version" INTEGER NOT NULL,
    "place" JSONB,
    "kept_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "bookmark_pkey" PRIMARY KEY ("person_id","study_id")
);

ALTER TABLE study_look ENABLE ROW LEVEL SECURITY;
ALTER TABLE study_look FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON study_look USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));
GRANT SELECT, INSERT, UPDATE ON study_look TO weald_app;

ALTER TABLE bookmark ENABLE ROW LEVEL SECURITY;
ALTER TABLE bookmark FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON bookmark USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));
GRANT SELECT, INSERT, UPDATE ON bookmark TO weald_app;
