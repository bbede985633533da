"""Money is entered and changed only with an event of the matter it hangs on (HY-47)."""

from django.db import migrations

# Table → the query that leads from its row to the matter it belongs to.
MATTER = {
    "funds_receivable": "SELECT ($1).dossier_id",
    "funds_receipt": "SELECT dossier_id FROM funds_receivable WHERE id = ($1).receivable_id",
    "funds_paymentplan": "SELECT dossier_id FROM funds_receivable WHERE id = ($1).receivable_id",
    "funds_instalment": (
        "SELECT r.dossier_id FROM funds_receivable r JOIN funds_paymentplan p ON p.receivable_id = r.id WHERE p.id = ($1).plan_id"
    ),
    "funds_surchargepause": "SELECT dossier_id FROM funds_receivable WHERE id = ($1).receivable_id",
    "funds_repayment": "SELECT dossier_id FROM funds_receivable WHERE id = ($1).receivable_id",
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
    dependencies = [("funds", "0006_cancelled_on_a_ground"), ("procedure", "0005_rows_need_events")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
