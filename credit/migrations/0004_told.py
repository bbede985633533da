"""Credit is told, corrected and scored only with an event of the matter it comes from (CE-4, EL-4)."""

from django.db import migrations

# Table → the query that leads from its row to the matter it belongs to.
MATTER = {
    "credit_creditevent": "SELECT ($1).dossier_id",
    "credit_creditcorrection": "SELECT dossier_id FROM credit_creditevent WHERE id = ($1).event_id",
    "credit_pointrecord": "SELECT ($1).dossier_id",
}

FORWARD = "".join(
    f"""
CREATE CONSTRAINT TRIGGER {table}_told AFTER INSERT OR UPDATE ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION procedure_told('{matter}');
"""
    for table, matter in MATTER.items()
)
BACKWARD = "".join(f"DROP TRIGGER {table}_told ON {table};" for table in MATTER)


class Migration(migrations.Migration):
    dependencies = [("credit", "0003_told_again"), ("procedure", "0005_rows_need_events")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
