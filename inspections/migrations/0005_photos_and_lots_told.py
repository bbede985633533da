"""Photos change only with an event of their inspection, drawn lots only with one of their draw (HY-34, HY-31, DR-2).

Which inspection a target led to is entered without one: the inspection's own row names the draw.
"""

from django.db import migrations

DRAW_OF_TARGET = "SELECT draw_id FROM inspections_drawtarget WHERE id = ($1).target_id"
# Table → when, and the query that leads from its row to the matter it belongs to.
MATTER = {
    "inspections_photo": ("INSERT OR UPDATE", "SELECT ($1).task_id"),
    "inspections_drawtarget": (
        "INSERT OR UPDATE OF draw_id, provider_id, stratum, code, ticket, replaces_id, standing",
        "SELECT ($1).draw_id",
    ),
    "inspections_drawinspector": ("INSERT OR UPDATE", DRAW_OF_TARGET),
    "inspections_replacement": ("INSERT OR UPDATE", "SELECT ($1).draw_id"),
}
FORWARD = "".join(
    f"""
CREATE CONSTRAINT TRIGGER {table}_told AFTER {when} ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION procedure_told('{matter}');
"""
    for table, (when, matter) in MATTER.items()
)
BACKWARD = "".join(f"DROP TRIGGER {table}_told ON {table};" for table in MATTER)


class Migration(migrations.Migration):
    dependencies = [("inspections", "0004_told"), ("procedure", "0005_rows_need_events")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
