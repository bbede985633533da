"""An account money is paid into is never altered or removed: it ends, and another is entered (HY-47)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION funds_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- It may only end, or end earlier; one that has not begun may fall away.
  IF to_jsonb(NEW) - 'valid' <> to_jsonb(OLD) - 'valid' OR NOT NEW.valid <@ OLD.valid
     OR (isempty(NEW.valid) AND lower(OLD.valid) <= current_date)
     OR (NOT isempty(NEW.valid) AND lower(NEW.valid) IS DISTINCT FROM lower(OLD.valid)) THEN
    RAISE EXCEPTION 'account % is ended and another entered, never altered', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER funds_account_guard BEFORE UPDATE ON funds_account
  FOR EACH ROW EXECUTE FUNCTION funds_account_guard();
CREATE TRIGGER funds_account_keep BEFORE DELETE ON funds_account
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER funds_account_keep_all BEFORE TRUNCATE ON funds_account
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
BACKWARD = """
DROP TRIGGER funds_account_keep ON funds_account;
DROP TRIGGER funds_account_keep_all ON funds_account;
DROP FUNCTION funds_account_guard() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0010_lowered"), ("procedure", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
