"""What the database itself refuses about money (HY-47), whoever asks.

- A receipt to another route or fund than its receivable's, beyond what is owed, or against a claim that is not open.
- A receipt changed or removed: it is corrected by one counter-entry of the same amount.
- A receivable whose kind, party, fund, route or amount changes, or that is removed.
- At commit: a receivable is 'paid' exactly when its receipts make up its amount; a cancelled one keeps no money.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION funds_receipt_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE owed funds_receivable; original funds_receipt; received numeric;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'a receipt is corrected by a counter-entry, never changed or removed'
      USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO owed FROM funds_receivable WHERE id = NEW.receivable_id FOR UPDATE;
  IF NEW.route <> owed.route OR NEW.fund <> owed.fund THEN
    RAISE EXCEPTION 'HY-47: the receipt goes to %/%, what is owed belongs to %/%',
      NEW.route, NEW.fund, owed.route, owed.fund USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.reverses_id IS NOT NULL THEN
    SELECT * INTO original FROM funds_receipt WHERE id = NEW.reverses_id;
    IF original.receivable_id <> NEW.receivable_id OR original.amount <> -NEW.amount
       OR original.reverses_id IS NOT NULL THEN
      RAISE EXCEPTION 'a counter-entry takes back exactly one receipt of the same receivable'
        USING ERRCODE = 'check_violation';
    END IF;
  ELSIF owed.state <> 'open' THEN
    RAISE EXCEPTION 'receivable % is not open', owed.id USING ERRCODE = 'check_violation';
  END IF;
  SELECT COALESCE(SUM(amount), 0) INTO received FROM funds_receipt WHERE receivable_id = owed.id;
  IF received + NEW.amount > owed.amount OR received + NEW.amount < 0 THEN
    RAISE EXCEPTION 'receivable % of % would hold %', owed.id, owed.amount, received + NEW.amount
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER funds_receipt_guard BEFORE INSERT OR UPDATE OR DELETE ON funds_receipt
  FOR EACH ROW EXECUTE FUNCTION funds_receipt_guard();

CREATE FUNCTION funds_receivable_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.dossier_id, NEW.debtor_id, NEW.kind, NEW.fund, NEW.route, NEW.amount, NEW.opened_on)
     IS DISTINCT FROM (OLD.dossier_id, OLD.debtor_id, OLD.kind, OLD.fund, OLD.route, OLD.amount, OLD.opened_on) THEN
    RAISE EXCEPTION 'receivable % is cancelled and opened anew, never altered', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'cancelled' AND NEW.state <> 'cancelled' THEN
    RAISE EXCEPTION 'receivable % stays cancelled', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER funds_receivable_guard BEFORE UPDATE ON funds_receivable
  FOR EACH ROW EXECUTE FUNCTION funds_receivable_guard();

CREATE FUNCTION funds_balance_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE owed funds_receivable; received numeric; claim bigint;
BEGIN
  IF TG_TABLE_NAME = 'funds_receipt' THEN claim := NEW.receivable_id; ELSE claim := NEW.id; END IF;
  SELECT * INTO owed FROM funds_receivable WHERE id = claim;
  SELECT COALESCE(SUM(amount), 0) INTO received FROM funds_receipt WHERE receivable_id = claim;
  IF (owed.state = 'paid') <> (received = owed.amount) OR (owed.state = 'cancelled' AND received <> 0) THEN
    RAISE EXCEPTION 'receivable % of % is "%" and holds %', owed.id, owed.amount, owed.state, received
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER funds_receipt_balance AFTER INSERT ON funds_receipt
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_balance_guard();
CREATE CONSTRAINT TRIGGER funds_receivable_balance AFTER INSERT OR UPDATE ON funds_receivable
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_balance_guard();

CREATE TRIGGER funds_receivable_keep BEFORE DELETE ON funds_receivable
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER funds_receipt_keep_all BEFORE TRUNCATE ON funds_receipt
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER funds_receivable_keep_all BEFORE TRUNCATE ON funds_receivable
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""

BACKWARD = """
DROP TRIGGER funds_receivable_keep ON funds_receivable;
DROP TRIGGER funds_receipt_keep_all ON funds_receipt;
DROP TRIGGER funds_receivable_keep_all ON funds_receivable;
DROP FUNCTION funds_receipt_guard() CASCADE;
DROP FUNCTION funds_receivable_guard() CASCADE;
DROP FUNCTION funds_balance_guard() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial"), ("procedure", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
