"""What an inspection keeps is entered and changed only with an event of its own (HY-32, HY-34)."""

from django.db import migrations

# Table → the query that leads from its row to the matter it belongs to.
MATTER = {
    "inspections_recusal": "SELECT ($1).dossier_id",
    "inspections_answer": "SELECT ($1).task_id",
    "inspections_finding": "SELECT ($1).task_id",
    "inspections_siterecord": "SELECT ($1).task_id",
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
    dependencies = [("inspections", "0003_kept"), ("procedure", "0005_rows_need_events")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
