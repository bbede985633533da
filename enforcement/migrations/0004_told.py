"""Facts are established and withdrawn only with an event of their case, and never deleted (HY-37)."""

from django.db import migrations

# Table → the query that leads from its row to the matter it belongs to.
MATTER = {
    "enforcement_fact": "SELECT ($1).case_id",
}

FORWARD = "".join(
    f"""
CREATE CONSTRAINT TRIGGER {table}_told AFTER INSERT OR UPDATE ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION procedure_told('{matter}');
"""
    for table, matter in MATTER.items()
)
KEPT = ("enforcement_fact",)
FORWARD += "".join(
    f"""
CREATE TRIGGER {table}_keep BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
    for table in KEPT
)
BACKWARD = "".join(
    f"DROP TRIGGER {table}_keep ON {table}; DROP TRIGGER {table}_keep_all ON {table};" for table in KEPT
) + "".join(f"DROP TRIGGER {table}_told ON {table};" for table in MATTER)


class Migration(migrations.Migration):
    dependencies = [("enforcement", "0003_notified"), ("procedure", "0005_rows_need_events")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
