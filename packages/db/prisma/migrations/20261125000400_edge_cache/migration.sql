-- Looks at what a gateway keeps, told once the region is back: each once, however often it is told.
CREATE TABLE "edge_look" (
    "client_id" TEXT NOT NULL,
    "look_id" UUID NOT NULL,
    "organisation" TEXT NOT NULL,
    "looked_at" TIMESTAMPTZ(3) NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "edge_look_pkey" PRIMARY KEY ("client_id","look_id")
);
ALTER TABLE edge_look ENABLE ROW LEVEL SECURITY;
ALTER TABLE edge_look FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON edge_look USING (weald.may_read_custodian(organisation)) WITH CHECK (weald.may_read_custodian(organisation));
-- Appended only.
GRANT SELECT, INSERT ON edge_look TO weald_app;
