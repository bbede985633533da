"""An alert is decided only by a decision on record, and screening says what it did (HY-14, HY-31, HY-48).

- A decision (who, when, why, from which state to which) is only added, and follows the one before.
- At commit an alert's state is the one its last decision leads to; beside its state, its lead
  and the run that saw it last, nothing of an alert changes, and of what proves it nothing at all. None is removed.
- A run or a part that is over stays as it is; a part ends in the hands of the worker that claimed it, and a run once
  all its parts are over. What was asked for, and by whom, never changes.
"""

from django.db import migrations, models

EARLIER = """
UPDATE monitoring_alertevent e SET
  target = CASE verb WHEN 'confirm' THEN 'confirmed' WHEN 'dismiss' THEN 'dismissed' ELSE 'led' END;
UPDATE monitoring_alertevent e SET source = COALESCE(
  (SELECT b.target FROM monitoring_alertevent b WHERE b.alert_id = e.alert_id AND b.id < e.id
    ORDER BY b.id DESC LIMIT 1), 'new');
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

FORWARD = """
CREATE FUNCTION monitoring_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'a decision on an alert is never changed or removed' USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM 1 FROM monitoring_alert WHERE id = NEW.alert_id FOR UPDATE;
  IF NEW.source IS DISTINCT FROM COALESCE((SELECT target FROM monitoring_alertevent
      WHERE alert_id = NEW.alert_id ORDER BY id DESC LIMIT 1), 'new') THEN
    RAISE EXCEPTION 'decision on alert % does not follow the one before', NEW.alert_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER monitoring_decision_guard BEFORE INSERT OR UPDATE OR DELETE ON monitoring_alertevent
  FOR EACH ROW EXECUTE FUNCTION monitoring_decision_guard();

CREATE FUNCTION monitoring_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE alert monitoring_alert; told record;
BEGIN
  IF TG_TABLE_NAME = 'monitoring_alert' THEN
    SELECT * INTO alert FROM monitoring_alert WHERE id = NEW.id;
  ELSE
    SELECT * INTO alert FROM monitoring_alert WHERE id = NEW.alert_id;
  END IF;
  SELECT target INTO told FROM monitoring_alertevent WHERE alert_id = alert.id ORDER BY id DESC LIMIT 1;
  IF alert.state <> COALESCE(told.target, 'new') THEN
    RAISE EXCEPTION 'alert % is "%" and its decisions lead to "%"', alert.id, alert.state, COALESCE(told.target, 'new')
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER monitoring_alert_decided AFTER INSERT OR UPDATE OF state ON monitoring_alert
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION monitoring_decided();
CREATE CONSTRAINT TRIGGER monitoring_decision_decided AFTER INSERT ON monitoring_alertevent
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION monitoring_decided();

CREATE FUNCTION monitoring_alert_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.rule_id, NEW.parameters, NEW.fingerprint, NEW.provider_code, NEW.person_code, NEW.visit_code, NEW.month,
      NEW.amount, NEW.severity, NEW.line_count, NEW.first_run_id, NEW.created_at)
     IS DISTINCT FROM
     (OLD.rule_id, OLD.parameters, OLD.fingerprint, OLD.provider_code, OLD.person_code, OLD.visit_code, OLD.month,
      OLD.amount, OLD.severity, OLD.line_count, OLD.first_run_id, OLD.created_at)
     OR (OLD.provider_id IS NOT NULL AND NEW.provider_id IS DISTINCT FROM OLD.provider_id)
     OR (OLD.lead_id IS NOT NULL AND NEW.lead_id IS DISTINCT FROM OLD.lead_id) THEN
    RAISE EXCEPTION 'what alert % says is never changed', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER monitoring_alert_guard BEFORE UPDATE ON monitoring_alert
  FOR EACH ROW EXECUTE FUNCTION monitoring_alert_guard();

CREATE FUNCTION monitoring_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' OR (SELECT state FROM monitoring_alert WHERE id = NEW.alert_id) <> 'new' THEN
    RAISE EXCEPTION 'what proves an alert is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER monitoring_line_guard BEFORE INSERT OR UPDATE OR DELETE ON monitoring_alertline
  FOR EACH ROW EXECUTE FUNCTION monitoring_line_guard();

CREATE FUNCTION monitoring_work_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'heartbeat' = to_jsonb(OLD) - 'heartbeat' THEN
    RETURN NEW;  -- a last sign of life may come after the end
  END IF;
  IF OLD.state IN ('done', 'failed', 'cancelled') THEN
    RAISE EXCEPTION 'row % of % is over', OLD.id, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_TABLE_NAME = 'monitoring_runpart' THEN
    IF (NEW.run_id, NEW.rule_id, NEW.month) IS DISTINCT FROM (OLD.run_id, OLD.rule_id, OLD.month)
       OR (NEW.state IN ('done', 'failed')
           AND (OLD.state <> 'running' OR NEW.claim IS NULL OR NEW.claim IS DISTINCT FROM OLD.claim)) THEN
      RAISE EXCEPTION 'part % of a run ends in the hands of its worker', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF (NEW.months, NEW.by_id, NEW.authority_id, NEW.created_at)
        IS DISTINCT FROM (OLD.months, OLD.by_id, OLD.authority_id, OLD.created_at)
     OR (NEW.state IN ('done', 'failed', 'cancelled') AND EXISTS (
         SELECT 1 FROM monitoring_runpart WHERE run_id = NEW.id AND state NOT IN ('done', 'failed', 'cancelled')))
  THEN
    RAISE EXCEPTION 'run % ends with its parts and stays as it was asked for', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER monitoring_run_guard BEFORE UPDATE ON monitoring_screeningrun
  FOR EACH ROW EXECUTE FUNCTION monitoring_work_guard();
CREATE TRIGGER monitoring_part_guard BEFORE UPDATE ON monitoring_runpart
  FOR EACH ROW EXECUTE FUNCTION monitoring_work_guard();
"""
KEPT = ("alert", "alertline", "screeningrun", "runpart")
TRUNCATED = (*KEPT, "alertevent")
FORWARD += "".join(
    f"""
CREATE TRIGGER monitoring_{table}_keep BEFORE DELETE ON monitoring_{table}
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
"""
    for table in KEPT
) + "".join(
    f"""
CREATE TRIGGER monitoring_{table}_keep_all BEFORE TRUNCATE ON monitoring_{table}
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
    for table in TRUNCATED
)
FUNCTIONS = ("decision_guard", "decided", "alert_guard", "line_guard", "work_guard")
BACKWARD = "".join(f"DROP FUNCTION monitoring_{name}() CASCADE;" for name in FUNCTIONS)
BACKWARD += "".join(f"DROP TRIGGER monitoring_{table}_keep ON monitoring_{table};" for table in KEPT)
BACKWARD += "".join(f"DROP TRIGGER monitoring_{table}_keep_all ON monitoring_{table};" for table in TRUNCATED)

STATES = [
    ("new", "not decided"),
    ("confirmed", "confirmed"),
    ("dismissed", "dismissed"),
    ("led", "made into a lead"),
]


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial"), ("procedure", "0002_guards")]
    operations = [
        migrations.AddField(
            model_name="alertevent",
            name="source",
            field=models.CharField(choices=STATES, default="", max_length=10, verbose_name="from"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="alertevent",
            name="target",
            field=models.CharField(choices=STATES, default="", max_length=10, verbose_name="to"),
            preserve_default=False,
        ),
        migrations.RunSQL(EARLIER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="alertevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("by__isnull", False))
                & (models.Q(("verb", "dismiss"), _negated=True) | models.Q(("reason", ""), _negated=True)),
                name="alert_decision_says_who_and_why",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
