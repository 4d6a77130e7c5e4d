-- Where staff are told of what is asked of them, as the identity provider says at their sign-in.
ALTER TABLE "person" ADD COLUMN     "email" TEXT;

-- The message of a request or reminder. What was asked before this is told to nobody: its state stays null.
ALTER TABLE "case_ask" ADD COLUMN     "tell_at" TIMESTAMPTZ(3),
ADD COLUMN     "tell_failed" TEXT,
ADD COLUMN     "tell_message_id" UUID,
ADD COLUMN     "tell_state" TEXT,
ADD COLUMN     "tell_tries" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "told_at" TIMESTAMPTZ(3);

CREATE INDEX "case_ask_tell_state_tell_at_idx" ON "case_ask"("tell_state", "tell_at");

CREATE INDEX "case_ask_tell_message_id_idx" ON "case_ask"("tell_message_id");
