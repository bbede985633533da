"""What the database itself refuses (HY-21, HY-34, HY-40, HY-48), whoever asks: page, API, task, shell or SQL.

- An event is only appended, in its place in the chain; it is never changed or removed.
- A dossier's state, and a term, change only with an event of the same transaction, and a state only along a move that
  the procedure declares. Checked at commit, so that the order of statements inside a transaction does not matter.
- No dossier is deleted.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION procedure_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'an event is never changed or removed' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT seq, hash INTO last FROM procedure_event WHERE dossier_id = NEW.dossier_id ORDER BY seq DESC LIMIT 1;
  IF NEW.seq <> COALESCE(last.seq, 0) + 1 OR NEW.previous <> COALESCE(last.hash, '') THEN
    RAISE EXCEPTION 'event % of dossier % does not follow the one before', NEW.seq, NEW.dossier_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.recorded_at := clock_timestamp();
  NEW.transaction := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END $$;
CREATE TRIGGER procedure_event_guard BEFORE INSERT OR UPDATE OR DELETE ON procedure_event
  FOR EACH ROW EXECUTE FUNCTION procedure_event_guard();

CREATE FUNCTION procedure_state_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE origin text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    origin := '';
  ELSE
    IF NEW.kind <> OLD.kind OR NEW.procedure_version <> OLD.procedure_version OR NEW.number <> OLD.number THEN
      RAISE EXCEPTION 'the kind, number and procedure of dossier % never change', NEW.id
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = OLD.state THEN
      RETURN NULL;
    END IF;
    origin := OLD.state;
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM procedure_event e
      JOIN procedure_transition t ON t.kind = NEW.kind AND t.version = NEW.procedure_version
        AND t.step = e.verb AND t.source = e.source AND t.target = e.target
     WHERE e.dossier_id = NEW.id AND e.source = origin AND e.target = NEW.state
       AND e.transaction = pg_current_xact_id()::text::bigint
  ) THEN
    RAISE EXCEPTION 'dossier % may not go from "%" to "%" without the step that leads there', NEW.id, origin, NEW.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER procedure_state_guard AFTER INSERT OR UPDATE ON procedure_dossier
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION procedure_state_guard();

CREATE FUNCTION procedure_term_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM procedure_event e
     WHERE e.dossier_id = NEW.dossier_id AND e.transaction = pg_current_xact_id()::text::bigint
  ) THEN
    RAISE EXCEPTION 'a term of dossier % changes only with an event', NEW.dossier_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER procedure_term_guard AFTER INSERT OR UPDATE ON procedure_term
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION procedure_term_guard();

CREATE FUNCTION procedure_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' AND current_setting('supervision.allow_truncate', true) = 'on' THEN
    RETURN NULL;  -- the test runner empties its own database
  END IF;
  RAISE EXCEPTION 'rows of % are kept', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER procedure_dossier_keep BEFORE DELETE ON procedure_dossier
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER procedure_term_keep BEFORE DELETE ON procedure_term
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER procedure_event_keep BEFORE TRUNCATE ON procedure_event
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER procedure_dossier_keep_all BEFORE TRUNCATE ON procedure_dossier
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""

BACKWARD = """
DROP FUNCTION procedure_event_guard() CASCADE;
DROP FUNCTION procedure_state_guard() CASCADE;
DROP FUNCTION procedure_term_guard() CASCADE;
DROP FUNCTION procedure_keep() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("procedure", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
