-- Whether what others said bore a person's own statement out within 72 hours, and by what (clinical page §4).
ALTER TABLE "relationship" ADD COLUMN "confirmed_by" TEXT, ADD COLUMN "judged_at" TIMESTAMPTZ(3);
CREATE INDEX "relationship_kind_judged_at_starts_at_idx" ON "relationship"("kind", "judged_at", "starts_at");

-- What a rule counted, where its reason has numbers.
ALTER TABLE "access_flag" ADD COLUMN "detail" JSONB;
