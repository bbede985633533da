"""The own columns of agreements and breaches are kept and change only with an event of the matter (HY-19, HY-21)."""

from django.db import migrations

TABLES = ("agreements_agreement", "agreements_breachcase")
FORWARD = "".join(
    f"""
CREATE CONSTRAINT TRIGGER {table}_told AFTER INSERT OR UPDATE ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION procedure_told('SELECT ($1).dossier_ptr_id');
CREATE TRIGGER {table}_keep BEFORE DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
    for table in TABLES
)
BACKWARD = "".join(
    f"DROP TRIGGER {table}_{name} ON {table};" for table in TABLES for name in ("told", "keep", "keep_all")
)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0007_designation_told"), ("procedure", "0006_own_rows_need_events")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
