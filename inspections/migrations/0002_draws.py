"""What the database itself refuses about draws (HY-31, DR-1…DR-3), whoever asks: page, API, task, shell or SQL.

- A frozen roll is never changed or removed, and its hash is the hash of its bytes.
- What was announced stays as announced; nothing is committed to afterwards.
- A contribution opens only after the announcement, and only as the text whose hash was announced; a seed needs all.
- A ticket is the hash of seed, stratum and code; results are only added to, or marked as replaced.
- A period of a plan is claimed once.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION inspections_refuse(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', what USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION inspections_hex(content text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to(content, 'UTF8')), 'hex')
$$;

CREATE FUNCTION inspections_roll_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    PERFORM inspections_refuse('a frozen roll is never changed');
  ELSIF NEW.sha256 <> encode(sha256(NEW.content), 'hex') THEN
    PERFORM inspections_refuse('the hash of a roll is the hash of its bytes');
  ELSIF (SELECT commitment FROM inspections_draw WHERE dossier_ptr_id = NEW.draw_id) IS NOT NULL THEN
    PERFORM inspections_refuse('a roll is frozen before the announcement');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER inspections_roll_guard BEFORE INSERT OR UPDATE ON inspections_roll
  FOR EACH ROW EXECUTE FUNCTION inspections_roll_guard();

CREATE FUNCTION inspections_draw_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.strata IS NOT NULL AND NEW.strata IS DISTINCT FROM OLD.strata THEN
    PERFORM inspections_refuse('the numbers to draw are frozen with the rolls');
  END IF;
  IF OLD.commitment IS NOT NULL AND (NEW.commitment, NEW.announcement, NEW.draw_at, NEW.announced_at,
      NEW.strength, NEW.public_source, NEW.plan_id) IS DISTINCT FROM (OLD.commitment, OLD.announcement, OLD.draw_at,
      OLD.announced_at, OLD.strength, OLD.public_source, OLD.plan_id) THEN
    PERFORM inspections_refuse('what was announced is never changed');
  END IF;
  IF OLD.seed = '' AND NEW.seed <> '' AND (NEW.commitment IS NULL OR EXISTS (
      SELECT 1 FROM inspections_drawwitness WHERE draw_id = NEW.dossier_ptr_id AND contribution = '')) THEN
    PERFORM inspections_refuse('a seed needs the announcement and every contribution');
  END IF;
  IF OLD.seed <> '' AND (NEW.seed, NEW.public_value, NEW.revealed_at) IS DISTINCT FROM
      (OLD.seed, OLD.public_value, OLD.revealed_at) THEN
    PERFORM inspections_refuse('a seed is never changed');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER inspections_draw_guard BEFORE UPDATE ON inspections_draw
  FOR EACH ROW EXECUTE FUNCTION inspections_draw_guard();

CREATE FUNCTION inspections_witness_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE announced boolean;
BEGIN
  SELECT commitment IS NOT NULL INTO announced FROM inspections_draw WHERE dossier_ptr_id = NEW.draw_id;
  IF TG_OP = 'INSERT' THEN
    IF announced THEN
      PERFORM inspections_refuse('witnesses are named before the announcement');
    END IF;
    RETURN NEW;
  END IF;
  IF announced AND (NEW.draw_id, NEW.user_id, NEW.role, NEW.place, NEW.mode, NEW.sha256, NEW.committed_at)
      IS DISTINCT FROM (OLD.draw_id, OLD.user_id, OLD.role, OLD.place, OLD.mode, OLD.sha256, OLD.committed_at) THEN
    PERFORM inspections_refuse('nothing is committed to after the announcement');
  END IF;
  IF announced AND OLD.handed_over_at IS NOT NULL AND NEW.handed_over_at IS DISTINCT FROM OLD.handed_over_at THEN
    PERFORM inspections_refuse('a contribution is handed over once');
  END IF;
  IF NEW.contribution IS DISTINCT FROM OLD.contribution AND (OLD.contribution <> '' OR NOT announced
      OR inspections_hex(NEW.contribution) <> NEW.sha256) THEN
    PERFORM inspections_refuse('a contribution opens once, after the announcement, as the text whose hash was announced');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER inspections_witness_guard BEFORE INSERT OR UPDATE ON inspections_drawwitness
  FOR EACH ROW EXECUTE FUNCTION inspections_witness_guard();

CREATE FUNCTION inspections_target_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE seed text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT d.seed INTO seed FROM inspections_draw d WHERE d.dossier_ptr_id = NEW.draw_id;
    IF seed = '' OR NEW.ticket <> inspections_hex(concat_ws(E'\\n', seed, 'target', NEW.stratum, NEW.code)) THEN
      PERFORM inspections_refuse('a ticket is the hash of seed, stratum and code');
    END IF;
  ELSIF (NEW.draw_id, NEW.provider_id, NEW.stratum, NEW.code, NEW.ticket, NEW.replaces_id) IS DISTINCT FROM
      (OLD.draw_id, OLD.provider_id, OLD.stratum, OLD.code, OLD.ticket, OLD.replaces_id)
      OR (NEW.standing AND NOT OLD.standing) THEN
    PERFORM inspections_refuse('a drawn target is never changed, only replaced');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER inspections_target_guard BEFORE INSERT OR UPDATE ON inspections_drawtarget
  FOR EACH ROW EXECUTE FUNCTION inspections_target_guard();

CREATE FUNCTION inspections_inspector_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.target_id, NEW.user_id, NEW.certificate, NEW.place) IS DISTINCT FROM
      (OLD.target_id, OLD.user_id, OLD.certificate, OLD.place) OR (NEW.standing AND NOT OLD.standing) THEN
    PERFORM inspections_refuse('a drawn inspector is never changed, only replaced');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER inspections_inspector_guard BEFORE UPDATE ON inspections_drawinspector
  FOR EACH ROW EXECUTE FUNCTION inspections_inspector_guard();

CREATE FUNCTION inspections_replacement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM inspections_refuse('a replacement is never changed');
  RETURN NEW;
END $$;
CREATE TRIGGER inspections_replacement_guard BEFORE UPDATE ON inspections_replacement
  FOR EACH ROW EXECUTE FUNCTION inspections_replacement_guard();

CREATE FUNCTION inspections_period_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.opened_at IS NOT NULL OR (NEW.plan_id, NEW.number, NEW.opens_at, NEW.freeze_at, NEW.draw_at)
      IS DISTINCT FROM (OLD.plan_id, OLD.number, OLD.opens_at, OLD.freeze_at, OLD.draw_at) THEN
    PERFORM inspections_refuse('a period is claimed once and never changed');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER inspections_period_guard BEFORE UPDATE ON inspections_planperiod
  FOR EACH ROW EXECUTE FUNCTION inspections_period_guard();
"""

KEPT = ("roll", "drawwitness", "drawtarget", "drawinspector", "replacement", "planperiod")
FORWARD += "".join(
    f"""
CREATE TRIGGER inspections_{table}_keep BEFORE DELETE ON inspections_{table}
  FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER inspections_{table}_keep_all BEFORE TRUNCATE ON inspections_{table}
  FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
    for table in KEPT
)

FUNCTIONS = ("roll", "draw", "witness", "target", "inspector", "replacement", "period")
BACKWARD = "".join(
    f"DROP TRIGGER inspections_{table}_keep ON inspections_{table};"
    f"DROP TRIGGER inspections_{table}_keep_all ON inspections_{table};"
    for table in KEPT
)
BACKWARD += "".join(f"DROP FUNCTION inspections_{name}_guard() CASCADE;" for name in FUNCTIONS)
BACKWARD += "DROP FUNCTION inspections_hex(text); DROP FUNCTION inspections_refuse(text);"


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial"), ("procedure", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
