"""What the database itself refuses about repayments (HY-25), whoever asks.

- A repayment of another amount than the counter-entries of its claim took back, or of a claim that was not cancelled
  (at commit, when the claim's own state is settled).
- One changed but for being paid, paid twice, or removed.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION funds_repayment_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.paid_on IS NOT NULL
     OR (NEW.receivable_id, NEW.amount, NEW.opened_on) IS DISTINCT FROM (OLD.receivable_id, OLD.amount, OLD.opened_on)
  THEN
    RAISE EXCEPTION 'repayment % is paid once, never altered', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER funds_repayment_kept BEFORE UPDATE ON funds_repayment
  FOR EACH ROW EXECUTE FUNCTION funds_repayment_kept();

CREATE FUNCTION funds_repayment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE claim_state text; taken_back numeric;
BEGIN
  SELECT state INTO claim_state FROM funds_receivable WHERE id = NEW.receivable_id;
  SELECT COALESCE(SUM(-amount), 0) INTO taken_back FROM funds_receipt
   WHERE receivable_id = NEW.receivable_id AND reverses_id IS NOT NULL;
  IF claim_state <> 'cancelled' OR NEW.amount > taken_back THEN
    RAISE EXCEPTION 'HY-25: repayment % of % for a claim that is "%" and gave back %',
      NEW.id, NEW.amount, claim_state, taken_back USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER funds_repayment_guard AFTER INSERT ON funds_repayment
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_repayment_guard();

CREATE TRIGGER funds_repayment_keep BEFORE DELETE ON funds_repayment
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER funds_repayment_keep_all BEFORE TRUNCATE ON funds_repayment
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""

BACKWARD = """
DROP TRIGGER funds_repayment_keep ON funds_repayment;
DROP TRIGGER funds_repayment_keep_all ON funds_repayment;
DROP FUNCTION funds_repayment_kept() CASCADE;
DROP FUNCTION funds_repayment_guard() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0003_repayments"), ("procedure", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
