"""Supplements, suspensions and bars change only with an event of their agreement (HY-16, HY-19, HY-20)."""

from django.db import migrations

TABLES = ("agreements_supplement", "agreements_suspension", "agreements_bar")
FORWARD = "".join(
    f"""
CREATE CONSTRAINT TRIGGER {table}_told AFTER INSERT OR UPDATE ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION procedure_told('SELECT ($1).agreement_id');
"""
    for table in TABLES
)
BACKWARD = "".join(f"DROP TRIGGER {table}_told ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0006_told"), ("procedure", "0005_rows_need_events")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
