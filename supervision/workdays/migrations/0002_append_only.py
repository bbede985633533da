"""A year's notice is replaced by a new revision, never rewritten: the database refuses to change or remove a row."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION workdays_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a loaded year is the record of what was in force: load a new revision'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER workdays_year_append_only BEFORE UPDATE OR DELETE ON workdays_year
    FOR EACH ROW EXECUTE FUNCTION workdays_refuse_change();
CREATE TRIGGER workdays_specialday_append_only BEFORE UPDATE OR DELETE ON workdays_specialday
    FOR EACH ROW EXECUTE FUNCTION workdays_refuse_change();
"""
BACKWARD = """
DROP TRIGGER workdays_specialday_append_only ON workdays_specialday;
DROP TRIGGER workdays_year_append_only ON workdays_year;
DROP FUNCTION workdays_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
