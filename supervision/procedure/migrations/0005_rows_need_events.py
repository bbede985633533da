"""`procedure_told`: a row of a matter is entered or changed only with an event of that matter in the same transaction.

Tables above name it in a trigger, with the query that leads from a row (`$1`) to its dossier. It says that something
was told, not what: that an event tells of just this row is for `records verify` to find (docs/decisions/0008).
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION procedure_told() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE matter bigint;
BEGIN
  EXECUTE TG_ARGV[0] INTO matter USING NEW;
  IF NOT EXISTS (
    SELECT 1 FROM procedure_event e
     WHERE e.dossier_id = matter AND e.transaction = pg_current_xact_id()::text::bigint
  ) THEN
    RAISE EXCEPTION 'row % of % changes only with an event of its matter', NEW.id, TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("procedure", "0004_indexes_of_charge_and_overdue")]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION procedure_told() CASCADE;")]
