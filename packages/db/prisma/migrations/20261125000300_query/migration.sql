-- Queries by other systems (QIDO-RS, C-FIND). What a study and a series say of themselves stands on their rows: the first
-- instance's word (`attributes`) and the newest overlay (`overlaid`), so that one row answers, and corrected values match.
ALTER TABLE "study" ADD COLUMN "attributes" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN "overlaid" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN "patient_number" TEXT,
ADD COLUMN "patient_name" TEXT COLLATE "C",
ADD COLUMN "patient_name_other" TEXT COLLATE "C",
ADD COLUMN "patient_words" TEXT COLLATE "C";

ALTER TABLE "series" ADD COLUMN "attributes" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN "overlaid" JSONB NOT NULL DEFAULT '{}';

-- What belongs to a study and to a series: the lists of packages/dicom/src/web/query-levels.ts (a test compares them).
CREATE FUNCTION weald.study_tags() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ARRAY[
  '00080020','00080030','00080050','00080051','00080080','00080081','00080090','00080096','0008009C','00080201',
  '00081030','00081032','00081040','00081048','00081049','00081060','00081080','00081084','00081110','00081120',
  '00100010','00100020','00100021','00100022','00100024','00100026','00100027','00100028','00100030','00100032',
  '00100040','00101000','00101001','00101002','00101005','00101010','00101020','00101021','00101030','00101040',
  '00101060','00102000','00102110','00102154','00102160','00102180','001021A0','001021B0','001021C0','001021F0',
  '00102201','00102202','00102203','00102292','00102297','00104000','0020000D','00200010','00321032','00321060',
  '00380010','00380014','00380060','00380064','00380500','00401012','00120062','00120063'] $$;
CREATE FUNCTION weald.series_tags() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ARRAY[
  '00080021','00080031','00080060','00080070','0008103E','0008103F','00081010','00081050','00081052','00081070',
  '00081072','00081090','00081111','00081250','00180015','00181000','00181020','00181030','00185100','0020000E',
  '00200011','00200052','00200060','00400244','00400245','00400250','00400251','00400253','00400254','00400260',
  '00400275','00400280','00080068','00280108','00280109'] $$;

CREATE FUNCTION weald.pick(dataset jsonb, tags text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT coalesce(jsonb_object_agg(tag, dataset -> tag), '{}') FROM unnest(tags) AS tag WHERE dataset ? tag $$;

-- A name for comparison only, as packages/core/src/patient/name-key.ts has it (a test compares them).
CREATE FUNCTION weald.name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT regexp_replace(replace(replace(replace(replace(translate(
      regexp_replace(normalize(upper(name COLLATE "pg_unicode_fast"), NFD), '[\u0300-\u036f]', '', 'g'),
      'ŁØĐÐı', 'LODDI'), 'ẞ', 'SS'), 'Þ', 'TH'), 'Æ', 'AE'), 'Œ', 'OE'),
    '[^[:alnum:]]' COLLATE "pg_unicode_fast", '', 'g') $$;

-- Its words, each between spaces.
CREATE FUNCTION weald.name_words(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT coalesce(' ' || string_agg(weald.name_key(word), ' ') || ' ', '') FROM regexp_split_to_table(name, '[\s^,=]+') AS word WHERE word <> '' $$;

-- DICOM's date, time or moment as text of one width, for ranges. A moment without offset is of the trust's clock.
CREATE FUNCTION weald.da_text(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT translate(value, '.-', '') $$;
CREATE FUNCTION weald.tm_text(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT translate(value, ':', '') || substr('000000.000000', length(translate(value, ':', '')) + 1) $$;
CREATE FUNCTION weald.dt_instant(value text) RETURNS timestamptz LANGUAGE plpgsql STABLE AS
$$
DECLARE
  digits text := substring(value from '^[0-9.]+');
  stated text := substring(value from '[+-][0-9]{4}$');
  wall timestamp;
BEGIN
  digits := digits || substr('00010101000000.000000', length(digits) + 1);
  wall := to_timestamp(digits, 'YYYYMMDDHH24MISS.US')::timestamp;
  RETURN CASE WHEN stated IS NULL THEN wall AT TIME ZONE 'Europe/London'
    ELSE (wall - (left(stated, 3) || ':' || right(stated, 2))::interval) AT TIME ZONE 'UTC' END;
EXCEPTION WHEN OTHERS THEN RETURN NULL;
END
$$;

-- The columns by which studies are found are of what is served. One place, whoever writes a study or an overlay.
CREATE FUNCTION weald.index_served_study() RETURNS trigger LANGUAGE plpgsql AS
$$
DECLARE
  served jsonb := NEW.attributes || NEW.overlaid;
  name jsonb := served #> '{00100010,Value,0}';
BEGIN
  NEW.patient_number := served #>> '{00100020,Value,0}';
  NEW.patient_name := upper(rtrim(name ->> 'Alphabetic', '^ ') COLLATE "pg_unicode_fast");
  NEW.patient_name_other := nullif(concat_ws('=', name ->> 'Ideographic', name ->> 'Phonetic'), '');
  NEW.patient_words := weald.name_words(concat_ws('=', name ->> 'Alphabetic', name ->> 'Ideographic', name ->> 'Phonetic'));
  RETURN NEW;
END
$$;
CREATE TRIGGER study_indexed BEFORE INSERT OR UPDATE OF attributes, overlaid ON study
  FOR EACH ROW EXECUTE FUNCTION weald.index_served_study();

CREATE FUNCTION weald.keep_overlaid() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  IF NEW.level = 'study' THEN UPDATE study SET overlaid = NEW.attributes WHERE id = NEW.target_id;
  ELSIF NEW.level = 'series' THEN UPDATE series SET overlaid = NEW.attributes WHERE id = NEW.target_id;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER overlay_kept AFTER INSERT ON overlay FOR EACH ROW EXECUTE FUNCTION weald.keep_overlaid();

-- A study and a series say what their first instance said, and of what that left out what a later one says, however they
-- came. Date, time and number of a study stay the first one's: reports are tied by them.
CREATE FUNCTION weald.describe(of_study uuid, of_series uuid, header jsonb) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
  series_says jsonb := weald.pick(header, weald.series_tags());
  study_says jsonb := weald.pick(header, weald.study_tags());
BEGIN
  UPDATE series SET attributes = series_says || attributes WHERE id = of_series AND NOT attributes ?& ARRAY(SELECT jsonb_object_keys(series_says));
  UPDATE study SET attributes = study_says WHERE id = of_study AND attributes = '{}';
  study_says := study_says - ARRAY['00080020', '00080030', '00080050', '00080051'];
  UPDATE study SET attributes = study_says || attributes,
    description = CASE WHEN overlaid ? '00081030' THEN description ELSE coalesce(description, study_says #>> '{00081030,Value,0}') END
    WHERE id = of_study AND NOT attributes ?& ARRAY(SELECT jsonb_object_keys(study_says));
END
$$;
CREATE FUNCTION weald.describe_arrived() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  PERFORM weald.describe(first.study_id, first.series_id, first.header)
  FROM (SELECT DISTINCT ON (c.series_id) e.study_id, c.series_id, c.header FROM came c JOIN series e ON e.id = c.series_id
        ORDER BY c.series_id, c.instance_number NULLS LAST, c.id) first;
  RETURN NULL;
END
$$;
CREATE TRIGGER instances_described AFTER INSERT ON instance REFERENCING NEW TABLE AS came
  FOR EACH STATEMENT EXECUTE FUNCTION weald.describe_arrived();
CREATE FUNCTION weald.describe_moved_instance() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  PERFORM weald.describe(e.study_id, e.id, NEW.header) FROM series e WHERE e.id = NEW.series_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER instance_moved AFTER UPDATE OF series_id ON instance FOR EACH ROW
  WHEN (OLD.series_id IS DISTINCT FROM NEW.series_id) EXECUTE FUNCTION weald.describe_moved_instance();
CREATE FUNCTION weald.describe_moved_series() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  PERFORM weald.describe(NEW.study_id, NEW.id, i.header)
  FROM (SELECT header FROM instance WHERE series_id = NEW.id ORDER BY instance_number, id LIMIT 1) i;
  RETURN NULL;
END
$$;
CREATE TRIGGER series_moved AFTER UPDATE OF study_id ON series FOR EACH ROW
  WHEN (OLD.study_id IS DISTINCT FROM NEW.study_id) EXECUTE FUNCTION weald.describe_moved_series();

-- Under row-level security only comparisons that can't leak use an index: equality, order and "begins with" can't.
CREATE INDEX study_study_date_id_idx ON study (study_date DESC NULLS LAST, id DESC);
CREATE INDEX "study_patient_number_idx" ON "study"("patient_number");
CREATE INDEX "study_patient_name_idx" ON "study"("patient_name");
CREATE INDEX "series_modality_study_id_idx" ON "series"("modality", "study_id");
CREATE INDEX "series_series_instance_uid_idx" ON "series"("series_instance_uid");
CREATE INDEX "instance_sop_instance_uid_idx" ON "instance"("sop_instance_uid");
-- Few names have other component groups; each is looked at.
CREATE INDEX study_other_name_idx ON study (id) WHERE patient_name_other IS NOT NULL;

-- What stands already. The owner of the tables is under row-level security too, so the facts are set first.
SELECT weald.begin_as(NULL, '', now());
UPDATE series e SET attributes = weald.pick(i.header, weald.series_tags()), overlaid = coalesce(
    (SELECT o.attributes FROM overlay o WHERE o.level = 'series' AND o.target_id = e.id ORDER BY o.version DESC LIMIT 1), '{}')
  FROM (SELECT DISTINCT ON (series_id) series_id, header FROM instance ORDER BY series_id, instance_number, id) i WHERE i.series_id = e.id;
UPDATE study s SET attributes = weald.pick(i.header, weald.study_tags()), overlaid = coalesce(
    (SELECT o.attributes FROM overlay o WHERE o.level = 'study' AND o.target_id = s.id ORDER BY o.version DESC LIMIT 1), '{}')
  FROM (SELECT DISTINCT ON (e.study_id) e.study_id, i.header FROM instance i JOIN series e ON e.id = i.series_id
        ORDER BY e.study_id, e.id, i.instance_number, i.id) i WHERE i.study_id = s.id;
