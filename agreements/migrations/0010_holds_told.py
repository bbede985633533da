"""Settlement is held and restored only with an event of the matter that orders it, and no hold is removed (HY-19)."""

from django.db import migrations

HOLD = "parties_settlementhold"
FORWARD = f"""
CREATE CONSTRAINT TRIGGER {HOLD}_told AFTER INSERT OR UPDATE ON {HOLD} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION procedure_told('SELECT id FROM procedure_dossier WHERE number = ($1).matter');
CREATE TRIGGER {HOLD}_keep BEFORE DELETE ON {HOLD} FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER {HOLD}_keep_all BEFORE TRUNCATE ON {HOLD} FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
BACKWARD = "".join(f"DROP TRIGGER {HOLD}_{name} ON {HOLD};" for name in ("told", "keep", "keep_all"))


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0009_on_paper_and_heard"),
        ("parties", "0005_redress"),
        ("procedure", "0006_own_rows_need_events"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
