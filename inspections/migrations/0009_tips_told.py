"""A tip is entered or changed only with an event of the lead it became, and never removed (TR-1, TR-3, HY-34).

Name and telephone are written anew when keys are rotated, which is no event: that they are still those of the giver is
for `records verify` to find.
"""

from django.db import migrations

TIP = "inspections_tip"
FORWARD = f"""
CREATE CONSTRAINT TRIGGER {TIP}_told AFTER INSERT OR UPDATE OF id, lead_id, receipt, code ON {TIP}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION procedure_told('SELECT ($1).lead_id');
CREATE TRIGGER {TIP}_keep BEFORE DELETE ON {TIP} FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER {TIP}_keep_all BEFORE TRUNCATE ON {TIP} FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
BACKWARD = "".join(f"DROP TRIGGER {TIP}_{name} ON {TIP};" for name in ("told", "keep", "keep_all"))


class Migration(migrations.Migration):
    dependencies = [("inspections", "0008_tips"), ("procedure", "0006_own_rows_need_events")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
