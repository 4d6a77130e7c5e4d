-- Whether what others said bore a person's own statement out within 72 hours, and by what (clinical page §4).
ALTER TABLE "relationship" ADD COLUMN "confirmed_by" TEXT, ADD COLUMN "judged_at" TIMESTAMPTZ(3);
CREATE INDEX "relationship_kind_judged_at_starts_at_idx" ON "relationship"("kind", "judged_at", "starts_at");

-- What a rule counted, where its reason has numbers.
ALTER TABLE "access_flag" ADD COLUMN "detail" JSONB;

-- Sent to one person to report: this study, and nothing else of the patient (clinical page §19).
ALTER TABLE "relationship" ADD COLUMN "study_id" UUID;

-- Who marked a record as what, why, and by when it is looked at again. What counts is patient_record.sensitivities, written with it.
CREATE TABLE "record_mark" (
    "id" UUID NOT NULL,
    "patient_record_id" UUID NOT NULL,
    "custodian" TEXT NOT NULL,
    "class" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "marked_by" TEXT NOT NULL,
    "marked_at" TIMESTAMPTZ(3) NOT NULL,
    "review_by" DATE,
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "end_reason" TEXT,

    CONSTRAINT "record_mark_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "record_mark_custodian_ended_at_idx" ON "record_mark"("custodian", "ended_at");
CREATE INDEX "record_mark_patient_record_id_idx" ON "record_mark"("patient_record_id");
INSERT INTO record_mark (id, patient_record_id, custodian, class, reason, marked_by, marked_at)
  SELECT uuidv7(), r.id, r.custodian, c, 'marked before reasons were kept', 'set-up', now() FROM patient_record r, unnest(r.sensitivities) c;
ALTER TABLE record_mark ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_mark FORCE ROW LEVEL SECURITY;
CREATE POLICY custodian ON record_mark USING (weald.may_read_custodian(custodian)) WITH CHECK (weald.may_read_custodian(custodian));
GRANT SELECT, INSERT, UPDATE ON record_mark TO weald_app;
