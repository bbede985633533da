"""What the database itself refuses about agreements (HY-20), whoever asks.

- An application, or a signature, of a provider while a bar on it runs.
- An agreement whose provider is not the party its dossier is about.
- A bar removed, shortened or moved: it is only lifted, with a reason.
- At commit: a terminated agreement without its bar.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION agreements_bar_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE barred agreements_bar;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM procedure_dossier d WHERE d.id = NEW.dossier_ptr_id AND d.subject_id = NEW.provider_id)
  THEN
    RAISE EXCEPTION 'the agreement is with the party its dossier is about' USING ERRCODE = 'check_violation';
  END IF;
  SELECT b.* INTO barred FROM agreements_bar b
   WHERE b.provider_id = NEW.provider_id AND b.lifted_on IS NULL
     AND ((TG_OP = 'INSERT' AND b.days @> NEW.applied_on)
       OR (NEW.signed_on IS NOT NULL AND b.agreement_id <> NEW.dossier_ptr_id AND b.days @> NEW.signed_on
           AND (TG_OP = 'INSERT' OR OLD.signed_on IS DISTINCT FROM NEW.signed_on
                OR OLD.in_force IS DISTINCT FROM NEW.in_force)))
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'HY-20: provider % was terminated and is barred %', NEW.provider_id, barred.days
      USING ERRCODE = 'exclusion_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_bar_guard BEFORE INSERT OR UPDATE ON agreements_agreement
  FOR EACH ROW EXECUTE FUNCTION agreements_bar_guard();

CREATE FUNCTION agreements_bar_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.provider_id, NEW.agreement_id, NEW.days) IS DISTINCT FROM (OLD.provider_id, OLD.agreement_id, OLD.days)
     OR OLD.lifted_on IS NOT NULL THEN
    RAISE EXCEPTION 'bar % is lifted once, never altered', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_bar_kept BEFORE UPDATE ON agreements_bar
  FOR EACH ROW EXECUTE FUNCTION agreements_bar_kept();
CREATE TRIGGER agreements_bar_keep BEFORE DELETE ON agreements_bar
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER agreements_bar_keep_all BEFORE TRUNCATE ON agreements_bar
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();

CREATE FUNCTION agreements_termination_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind = 'agreement' AND NEW.state = 'terminated'
     AND NOT EXISTS (SELECT 1 FROM agreements_bar b WHERE b.agreement_id = NEW.id) THEN
    RAISE EXCEPTION 'HY-20: agreement % was terminated without its bar', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER agreements_termination_guard AFTER INSERT OR UPDATE ON procedure_dossier
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.kind = 'agreement' AND NEW.state = 'terminated') EXECUTE FUNCTION agreements_termination_guard();
"""

BACKWARD = """
DROP TRIGGER agreements_bar_keep ON agreements_bar;
DROP TRIGGER agreements_bar_keep_all ON agreements_bar;
DROP FUNCTION agreements_bar_guard() CASCADE;
DROP FUNCTION agreements_bar_kept() CASCADE;
DROP FUNCTION agreements_termination_guard() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial"), ("procedure", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
