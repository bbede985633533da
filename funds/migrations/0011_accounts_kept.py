"""An account money is paid into is never altered or removed: it ends, and another is entered (HY-47)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION funds_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'valid' <> to_jsonb(OLD) - 'valid' OR lower(NEW.valid) IS DISTINCT FROM lower(OLD.valid)
     OR NOT upper_inf(OLD.valid) OR isempty(NEW.valid) THEN
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
