"""What is on record is entered and changed only with an event of its matter (HY-48)."""

from django.db import migrations

# Table → the query that leads from its row to the matter it belongs to.
MATTER = {
    "records_paper": "SELECT ($1).dossier_id",
    "records_serviceofdocument": "SELECT dossier_id FROM records_paper WHERE id = ($1).paper_id",
    "records_evidence": "SELECT ($1).dossier_id",
    "records_custodyentry": "SELECT dossier_id FROM records_evidence WHERE id = ($1).evidence_id",
    "records_statement": "SELECT ($1).dossier_id",
    "records_statementpoint": "SELECT dossier_id FROM records_statement WHERE id = ($1).statement_id",
    "records_deliberation": "SELECT ($1).dossier_id",
    "records_legalreview": "SELECT ($1).dossier_id",
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
    dependencies = [("records", "0003_disclosure"), ("procedure", "0005_rows_need_events")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
