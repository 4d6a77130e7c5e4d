-- Two functions run with the owner's rights because their caller sees too little: what a trust that shares no more leaves behind
-- (weald.left_behind), and whose meeting a moved record's case is on (weald.follow_record_meetings). A superuser is let by; Aurora's master
-- is none, and row-level security is forced on it: without a word both would find nothing.
CREATE POLICY owner_counts ON study FOR SELECT TO CURRENT_USER USING (true);
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['meeting', 'meeting_case', 'case_outcome', 'referral']
  LOOP
    EXECUTE format('CREATE POLICY owner_follows ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;
