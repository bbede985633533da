"""A voucher is one payment of a party (HY-47): it is taken once, until a counter-entry takes it back.

Two clerks who record it at once take turns, by a lock that ends with the transaction.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION funds_voucher_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE payer bigint;
BEGIN
  SELECT debtor_id INTO payer FROM funds_receivable WHERE id = NEW.receivable_id;
  PERFORM pg_advisory_xact_lock(hashtextextended('funds_voucher ' || payer || ' ' || NEW.voucher, 0));
  IF EXISTS (
    SELECT 1 FROM funds_receipt r JOIN funds_receivable o ON o.id = r.receivable_id
     WHERE o.debtor_id = payer AND r.voucher = NEW.voucher AND r.reverses_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM funds_receipt c WHERE c.reverses_id = r.id)
  ) THEN
    RAISE EXCEPTION 'voucher % of this payer is recorded already', NEW.voucher USING ERRCODE = 'unique_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER funds_voucher_guard BEFORE INSERT ON funds_receipt
  FOR EACH ROW WHEN (NEW.reverses_id IS NULL) EXECUTE FUNCTION funds_voucher_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0008_account")]
    operations = [
        migrations.RemoveConstraint("receipt", "voucher_once_per_receivable"),
        migrations.RunSQL(FORWARD, "DROP FUNCTION funds_voucher_guard() CASCADE;"),
    ]
