-- One history of merges: by a person (two records) and by a message (two local numbers of one trust, either unknown still).
SELECT weald.begin_as(NULL, '', now());

ALTER TABLE "record_merge"
  ALTER COLUMN "from_record" DROP NOT NULL,
  ALTER COLUMN "into_record" DROP NOT NULL,
  ALTER COLUMN "from_patient" DROP NOT NULL,
  ALTER COLUMN "into_patient" DROP NOT NULL,
  ALTER COLUMN "reason" DROP NOT NULL,
  -- Nothing ever wrote it.
  DROP COLUMN "message_id",
  ADD COLUMN "old_number" TEXT,
  ADD COLUMN "surviving_number" TEXT,
  ADD COLUMN "source" TEXT,
  ADD COLUMN "said_at" TIMESTAMPTZ(3),
  ADD COLUMN "state" TEXT NOT NULL DEFAULT 'holds',
  ADD COLUMN "rule" TEXT;

UPDATE "record_merge" SET "state" = 'undone' WHERE "undone_at" IS NOT NULL;
ALTER TABLE "record_merge" ALTER COLUMN "state" DROP DEFAULT;

INSERT INTO "record_merge" ("id", "custodian", "moved_records", "moved_studies", "how", "by", "at", "old_number",
  "surviving_number", "source", "said_at", "state", "rule", "undone_at", "undone_by", "undone_reason")
SELECT "id", "custodian", '{}', '{}', 'message', "changed_by", "changed_at", "old_number", "surviving_number", "source",
  "said_at", "state", "rule",
  CASE WHEN "state" = 'undone' THEN "changed_at" END,
  CASE WHEN "state" = 'undone' THEN "changed_by" END,
  CASE WHEN "state" = 'undone' THEN "reason" END
FROM "patient_merge";
DROP TABLE "patient_merge";

ALTER TABLE "record_merge" ADD CONSTRAINT "record_merge_says_whom" CHECK (
  ("how" = 'person' AND "from_record" IS NOT NULL AND "into_record" IS NOT NULL AND "from_patient" IS NOT NULL
    AND "into_patient" IS NOT NULL AND "reason" IS NOT NULL)
  OR ("how" = 'message' AND "old_number" IS NOT NULL AND "surviving_number" IS NOT NULL AND "source" IS NOT NULL
    AND "said_at" IS NOT NULL));

CREATE UNIQUE INDEX "record_merge_custodian_old_number_surviving_number_source_key"
  ON "record_merge"("custodian", "old_number", "surviving_number", "source");
CREATE INDEX "record_merge_custodian_surviving_number_idx" ON "record_merge"("custodian", "surviving_number");

-- An admission that was cancelled (ADT A11).
ALTER TABLE "visit" ADD COLUMN "is_cancelled" BOOLEAN NOT NULL DEFAULT false;
