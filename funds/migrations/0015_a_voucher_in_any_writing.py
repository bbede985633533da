"""A voucher is known again however it is written (HY-47): small or full-width letters and spaces make it no other one."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION funds_voucher_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE payer bigint;
BEGIN
  SELECT debtor_id INTO payer FROM funds_receivable WHERE id = NEW.receivable_id;
  PERFORM pg_advisory_xact_lock(hashtextextended('funds_voucher ' || payer || ' ' || {new}, 0));
  IF EXISTS (
    SELECT 1 FROM funds_receipt r JOIN funds_receivable o ON o.id = r.receivable_id
     WHERE o.debtor_id = payer AND {held} = {new} AND r.reverses_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM funds_receipt c WHERE c.reverses_id = r.id)
  ) THEN
    RAISE EXCEPTION 'voucher % of this payer is recorded already', NEW.voucher USING ERRCODE = 'unique_violation';
  END IF;
  RETURN NEW;
END $$;
"""
ONE_WAY = r"upper(regexp_replace(normalize({}, NFKC), '\s', '', 'g'))"
AS_WRITTEN = "{}"


def guard(writing: str) -> str:
    return GUARD.format(new=writing.format("NEW.voucher"), held=writing.format("r.voucher"))


class Migration(migrations.Migration):
    dependencies = [("funds", "0014_accounts_watched")]
    operations = [migrations.RunSQL(guard(ONE_WAY), guard(AS_WRITTEN))]
