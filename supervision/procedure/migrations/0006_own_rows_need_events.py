"""A matter's own row, and who has charge of it, change only with an event of the matter (HY-34, HY-48).

Seals are only added to. Tables are emptied in a test runner's database alone, whatever a session says of itself.
`procedure_told` serves every table of a matter's own columns as well, whose key is not called `id`, and deletions.
"""

from django.db import migrations

COLUMNS = "title, subject_id, authority_id, origin_id, open_to_subject, opened_at, closed_at"
SEALS = ("procedure_seal", "procedure_sealleaf")
FORWARD = f"""
CREATE OR REPLACE FUNCTION procedure_told() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE matter bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN
    EXECUTE TG_ARGV[0] INTO matter USING OLD;
  ELSE
    EXECUTE TG_ARGV[0] INTO matter USING NEW;
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM procedure_event e
     WHERE e.dossier_id = matter AND e.transaction = pg_current_xact_id()::text::bigint
  ) THEN
    RAISE EXCEPTION 'a row of % changes only with an event of its matter (%)', TG_TABLE_NAME, matter
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION procedure_is_scratch(named text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT named LIKE 'test\\_%'
$$;
CREATE OR REPLACE FUNCTION procedure_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' AND current_setting('supervision.allow_truncate', true) = 'on'
     AND procedure_is_scratch(current_database()) THEN
    RETURN NULL;  -- the test runner empties its own database
  END IF;
  RAISE EXCEPTION 'rows of % are kept', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE CONSTRAINT TRIGGER procedure_dossier_told AFTER UPDATE OF {COLUMNS} ON procedure_dossier
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION procedure_told('SELECT ($1).id');
CREATE CONSTRAINT TRIGGER procedure_assignment_told AFTER INSERT OR UPDATE ON procedure_assignment
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION procedure_told('SELECT ($1).dossier_id');
CREATE TRIGGER procedure_assignment_keep BEFORE DELETE ON procedure_assignment
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER procedure_assignment_keep_all BEFORE TRUNCATE ON procedure_assignment
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
FORWARD += "".join(
    f"""
CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
    for table in SEALS
)
BACKWARD = "".join(f"DROP TRIGGER {table}_keep ON {table}; DROP TRIGGER {table}_keep_all ON {table};" for table in SEALS)
BACKWARD += """
DROP TRIGGER procedure_dossier_told ON procedure_dossier;
DROP TRIGGER procedure_assignment_told ON procedure_assignment;
DROP TRIGGER procedure_assignment_keep ON procedure_assignment;
DROP TRIGGER procedure_assignment_keep_all ON procedure_assignment;
"""


class Migration(migrations.Migration):
    dependencies = [("procedure", "0005_rows_need_events")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
