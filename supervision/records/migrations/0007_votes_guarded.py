"""How a member voted is entered with an event of its matter and never changed or removed (PP-44, HY-48)."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER records_vote_frozen BEFORE UPDATE ON records_vote
  FOR EACH ROW EXECUTE FUNCTION records_frozen('');
CREATE TRIGGER records_vote_settled BEFORE UPDATE ON records_vote
  FOR EACH ROW EXECUTE FUNCTION records_settled();
CREATE TRIGGER records_vote_keep BEFORE DELETE ON records_vote FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER records_vote_keep_all BEFORE TRUNCATE ON records_vote
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
CREATE CONSTRAINT TRIGGER records_vote_told AFTER INSERT OR UPDATE ON records_vote
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION procedure_told(
  'SELECT dossier_id FROM records_deliberation WHERE id = ($1).deliberation_id');
"""
BACKWARD = "".join(
    f"DROP TRIGGER records_vote_{name} ON records_vote;" for name in ("frozen", "settled", "keep", "keep_all", "told")
)


class Migration(migrations.Migration):
    dependencies = [("records", "0006_minutes_and_service"), ("procedure", "0005_rows_need_events")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
