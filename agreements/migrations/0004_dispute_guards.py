"""What the database itself refuses about disputes and reversals (HY-25, HY-26), whoever asks.

- A dispute changed once it has ended, moved to another case, or removed.
- At commit: a reversed breach case none of whose disputes ended with the decision revoked or to be changed.
- At commit: a terminated agreement without a bar that stands: the bar is lifted only by reinstating the agreement.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION agreements_dispute_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.outcome <> '' OR (NEW.case_id, NEW.route, NEW.raised_on, NEW.claim)
     IS DISTINCT FROM (OLD.case_id, OLD.route, OLD.raised_on, OLD.claim) THEN
    RAISE EXCEPTION 'dispute % is ended once, never altered', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_dispute_kept BEFORE UPDATE ON agreements_dispute
  FOR EACH ROW EXECUTE FUNCTION agreements_dispute_kept();
CREATE TRIGGER agreements_dispute_keep BEFORE DELETE ON agreements_dispute
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER agreements_dispute_keep_all BEFORE TRUNCATE ON agreements_dispute
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();

CREATE FUNCTION agreements_reversal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM agreements_dispute d
                  WHERE d.case_id = NEW.id AND d.outcome IN ('revoked', 'changed')) THEN
    RAISE EXCEPTION 'HY-25: breach case % was reversed without a dispute that ended so', NEW.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER agreements_reversal_guard AFTER INSERT OR UPDATE ON procedure_dossier
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.kind = 'breach' AND NEW.state = 'reversed') EXECUTE FUNCTION agreements_reversal_guard();

CREATE OR REPLACE FUNCTION agreements_termination_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE agreement bigint;
BEGIN
  IF TG_TABLE_NAME = 'agreements_bar' THEN agreement := NEW.agreement_id; ELSE agreement := NEW.id; END IF;
  -- As it stands at commit: one terminated and reinstated in the same transaction needs no bar any more.
  IF EXISTS (SELECT 1 FROM procedure_dossier d WHERE d.id = agreement AND d.state = 'terminated')
     AND NOT EXISTS (SELECT 1 FROM agreements_bar b WHERE b.agreement_id = agreement AND b.lifted_on IS NULL) THEN
    RAISE EXCEPTION 'HY-20: agreement % is terminated and has no bar', agreement USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER agreements_bar_lifted AFTER UPDATE ON agreements_bar
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION agreements_termination_guard();
"""

BACKWARD = """
DROP TRIGGER agreements_bar_lifted ON agreements_bar;
DROP TRIGGER agreements_dispute_keep ON agreements_dispute;
DROP TRIGGER agreements_dispute_keep_all ON agreements_dispute;
DROP FUNCTION agreements_dispute_kept() CASCADE;
DROP FUNCTION agreements_reversal_guard() CASCADE;
CREATE OR REPLACE FUNCTION agreements_termination_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind = 'agreement' AND NEW.state = 'terminated'
     AND NOT EXISTS (SELECT 1 FROM agreements_bar b WHERE b.agreement_id = NEW.id) THEN
    RAISE EXCEPTION 'HY-20: agreement % was terminated without its bar', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_disputes"), ("procedure", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
