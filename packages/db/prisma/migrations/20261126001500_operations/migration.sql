-- What the operations page asks for: what came by trust and time, what was counted by the hour, and how gateways stand.
CREATE INDEX "inbox_item_custodian_settled_at_idx" ON "inbox_item"("custodian", "settled_at");

CREATE TABLE "arrival_hour" (
    "custodian" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "instances" INTEGER NOT NULL,
    "studies" INTEGER NOT NULL,
    "size_bytes" BIGINT NOT NULL,

    CONSTRAINT "arrival_hour_pkey" PRIMARY KEY ("custodian","hour")
);
ALTER TABLE arrival_hour ENABLE ROW LEVEL SECURITY;
ALTER TABLE arrival_hour FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON arrival_hour USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));
-- Appended only.
GRANT SELECT, INSERT ON arrival_hour TO weald_app;

CREATE TABLE "edge_gateway" (
    "organisation" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "waiting_count" INTEGER NOT NULL,
    "waiting_bytes" BIGINT NOT NULL,
    "oldest_waiting_at" TIMESTAMPTZ(3),
    "trouble_code" TEXT,
    "trouble_since" TIMESTAMPTZ(3),
    "free_bytes" BIGINT NOT NULL,
    "is_refusing" BOOLEAN NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "edge_gateway_pkey" PRIMARY KEY ("organisation","client_id")
);
ALTER TABLE edge_gateway ENABLE ROW LEVEL SECURITY;
ALTER TABLE edge_gateway FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON edge_gateway USING (weald.may_read_custodian(organisation)) WITH CHECK (weald.may_read_custodian(organisation));
GRANT SELECT, INSERT, UPDATE ON edge_gateway TO weald_app;
