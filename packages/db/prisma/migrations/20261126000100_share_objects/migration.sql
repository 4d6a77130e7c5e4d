-- Keys the UIDs that readers see who may not know where an image was made, and the names of share objects (docs/adr/0017).
-- Whoever reads this table reads every study too: it keeps nothing from them.
CREATE TABLE share_secret (
  id smallint NOT NULL DEFAULT 1,
  secret text NOT NULL,
  CONSTRAINT share_secret_pkey PRIMARY KEY (id),
  CONSTRAINT share_secret_one CHECK (id = 1)
);
INSERT INTO share_secret (secret) VALUES (replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));
GRANT SELECT ON share_secret TO weald_app;
