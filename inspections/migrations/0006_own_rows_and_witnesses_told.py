"""What stands of leads, inspections, plans and draws changes only with an event of the matter (HY-31, PP-14, DR-3).

Their own columns; a plan's witnesses and calendar; a draw's rolls and what its witnesses gave.
"""

from django.db import migrations

# Table → when, and the query that leads from its row to the matter it belongs to.
OWN = ("inspections_lead", "inspections_inspectiontask", "inspections_yearplan", "inspections_draw")
MATTER = {
    **dict.fromkeys(OWN, ("INSERT OR UPDATE", "SELECT ($1).dossier_ptr_id")),
    "inspections_planwitness": ("INSERT OR UPDATE OR DELETE", "SELECT ($1).plan_id"),
    "inspections_planperiod": ("INSERT OR UPDATE", "SELECT ($1).plan_id"),
    "inspections_roll": ("INSERT OR UPDATE", "SELECT ($1).draw_id"),
    "inspections_drawwitness": ("INSERT OR UPDATE", "SELECT ($1).draw_id"),
}
FORWARD = "".join(
    f"""
CREATE CONSTRAINT TRIGGER {table}_told AFTER {when} ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION procedure_told('{matter}');
"""
    for table, (when, matter) in MATTER.items()
)
FORWARD += "".join(
    f"""
CREATE TRIGGER {table}_keep BEFORE DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
    for table in OWN
)
BACKWARD = "".join(f"DROP TRIGGER {table}_told ON {table};" for table in MATTER)
BACKWARD += "".join(f"DROP TRIGGER {table}_{name} ON {table};" for table in OWN for name in ("keep", "keep_all"))


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0005_photos_and_lots_told"),
        ("procedure", "0006_own_rows_need_events"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
