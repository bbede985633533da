"""The record of who set what is append-only; a setting's past cannot be rewritten, only its end may be moved."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION law_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of a setting cannot be changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER law_settingchange_append_only BEFORE UPDATE OR DELETE ON law_settingchange
    FOR EACH ROW EXECUTE FUNCTION law_refuse_change();
CREATE TRIGGER law_datedsetting_kept BEFORE DELETE ON law_datedsetting
    FOR EACH ROW EXECUTE FUNCTION law_refuse_change();
CREATE TRIGGER law_datedsetting_only_ends BEFORE UPDATE ON law_datedsetting FOR EACH ROW
    WHEN ((OLD.scope, OLD.key, OLD.value, OLD.effective_from, OLD.article_note, OLD.reason, OLD.set_by, OLD.set_at)
        IS DISTINCT FROM
        (NEW.scope, NEW.key, NEW.value, NEW.effective_from, NEW.article_note, NEW.reason, NEW.set_by, NEW.set_at))
    EXECUTE FUNCTION law_refuse_change();
"""
BACKWARD = """
DROP TRIGGER law_datedsetting_only_ends ON law_datedsetting;
DROP TRIGGER law_datedsetting_kept ON law_datedsetting;
DROP TRIGGER law_settingchange_append_only ON law_settingchange;
DROP FUNCTION law_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("law", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
