"""What the database itself keeps (HY-32, HY-34, HY-37), whoever asks.

- A published checklist and its items never change: inspections rest on them.
- A signed or refused on-site record never changes.
- Recusals, findings and answers are never deleted; a finding that left its draft keeps what it says.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION inspections_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a published checklist is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER inspections_version_frozen BEFORE UPDATE OR DELETE ON inspections_checklistversion
  FOR EACH ROW EXECUTE FUNCTION inspections_frozen();
CREATE TRIGGER inspections_item_frozen BEFORE UPDATE OR DELETE ON inspections_checklistitem
  FOR EACH ROW EXECUTE FUNCTION inspections_frozen();

CREATE FUNCTION inspections_record_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.outcome <> 'drawn_up' THEN
    RAISE EXCEPTION 'a signed or refused record is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER inspections_record_settled BEFORE UPDATE OR DELETE ON inspections_siterecord
  FOR EACH ROW EXECUTE FUNCTION inspections_record_settled();

CREATE FUNCTION inspections_finding_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.status <> 'draft' THEN
    RAISE EXCEPTION 'a confirmed or dropped finding is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER inspections_finding_settled BEFORE UPDATE OR DELETE ON inspections_finding
  FOR EACH ROW EXECUTE FUNCTION inspections_finding_settled();

CREATE TRIGGER inspections_answer_keep BEFORE DELETE ON inspections_answer
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER inspections_recusal_keep BEFORE DELETE ON inspections_recusal
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
"""

BACKWARD = """
DROP TRIGGER inspections_answer_keep ON inspections_answer;
DROP TRIGGER inspections_recusal_keep ON inspections_recusal;
DROP FUNCTION inspections_frozen() CASCADE;
DROP FUNCTION inspections_record_settled() CASCADE;
DROP FUNCTION inspections_finding_settled() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0002_draws"), ("procedure", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
