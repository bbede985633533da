"""Credit events, corrections and evaluations are only added to (CE-1, CE-4), whoever asks."""

from django.db import migrations

TABLES = ("credit_creditevent", "credit_creditcorrection", "credit_evaluation")

FORWARD = """
CREATE FUNCTION credit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only added to; a correction is a row of its own', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION credit_keep();
CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
    for table in TABLES
)

BACKWARD = (
    "".join(f"DROP TRIGGER {table}_keep_all ON {table};" for table in TABLES) + "DROP FUNCTION credit_keep() CASCADE;"
)


class Migration(migrations.Migration):
    dependencies = [("credit", "0001_initial"), ("procedure", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
