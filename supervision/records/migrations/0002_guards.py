"""What the database itself refuses (HY-34, HY-37, PP-57): records are added to, and change only as the law lets them.

- An issued paper may become void or replaced, with a reason; nothing else of it ever changes.
- Of a service only the certificate is filled in, of a point its answer, of a review its opinion — once.
- Evidence is verified or rejected, never altered; at commit it has two collectors. Custody is only added to.
- Nothing of these is deleted.
"""

from django.db import migrations

KEPT = (
    "records_paper",
    "records_serviceofdocument",
    "records_evidence",
    "records_evidence_collectors",
    "records_custodyentry",
    "records_statement",
    "records_statementpoint",
    "records_deliberation",
    "records_deliberation_attendees",
    "records_legalreview",
)

# Table → the columns that may still be set; for each table `settled` says when not even those may change.
OPEN = {
    "records_paper": ("state,void_reason", "OLD.state <> 'issued'"),
    "records_serviceofdocument": ("certificate_id", "OLD.certificate_id IS NOT NULL"),
    "records_evidence": ("state,verified_by_id,verified_at,note", "OLD.state = 'rejected' OR NEW.state = 'collected'"),
    "records_evidence_collectors": ("", "true"),
    "records_custodyentry": ("", "true"),
    "records_statement": ("", "true"),
    "records_statementpoint": ("answer,accepted,answered_by_id,answered_at", "OLD.answer <> ''"),
    "records_deliberation": ("", "true"),
    "records_deliberation_attendees": ("", "true"),
    "records_legalreview": ("reviewer_id,opinion,reasons,passed,decided_at", "OLD.decided_at IS NOT NULL"),
}

FORWARD = """
CREATE FUNCTION records_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - string_to_array(TG_ARGV[0], ',') <> to_jsonb(OLD) - string_to_array(TG_ARGV[0], ',') THEN
    RAISE EXCEPTION 'row % of % is frozen', OLD.id, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION records_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'row % of % is settled and does not change any more', OLD.id, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION records_two_collectors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM records_evidence_collectors WHERE evidence_id = NEW.id) < 2 THEN
    RAISE EXCEPTION 'evidence % was collected by fewer than two officers', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER records_two_collectors AFTER INSERT ON records_evidence
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION records_two_collectors();
"""

FORWARD += "".join(
    f"""
CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table}
  FOR EACH ROW EXECUTE FUNCTION records_frozen('{columns}');
CREATE TRIGGER {table}_settled BEFORE UPDATE ON {table}
  FOR EACH ROW WHEN ({settled}) EXECUTE FUNCTION records_settled();
"""
    for table, (columns, settled) in OPEN.items()
)
FORWARD += "".join(
    f"""
CREATE TRIGGER {table}_keep BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
    for table in KEPT
)

BACKWARD = """
DROP FUNCTION records_frozen() CASCADE;
DROP FUNCTION records_settled() CASCADE;
DROP FUNCTION records_two_collectors() CASCADE;
""" + "".join(f"DROP TRIGGER {table}_keep ON {table}; DROP TRIGGER {table}_keep_all ON {table};" for table in KEPT)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("procedure", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
