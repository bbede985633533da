"""A post carries a role its body has: no clerk of an agency at a bureau, no head of a bureau at an agency (HY-5)."""

from django.db import migrations

# As in roles.ROLES_OF; what was given before stays, and can be ended.
FORWARD = """
CREATE FUNCTION parties_post_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE place text;
BEGIN
  SELECT body INTO place FROM parties_authority WHERE party_ptr_id = NEW.authority_id;
  IF (place = 'agency' AND NEW.role IN ('bureau_head', 'bureau_officer'))
     OR (place IN ('bureau', 'commissioned') AND NEW.role IN ('agency_head', 'agency_clerk', 'auditor')) THEN
    RAISE EXCEPTION 'there is no post of % at a place of kind %', NEW.role, place USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER parties_post_fits BEFORE INSERT OR UPDATE OF role, authority_id ON parties_post
  FOR EACH ROW EXECUTE FUNCTION parties_post_fits();
"""
BACKWARD = "DROP FUNCTION parties_post_fits() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("parties", "0008_authority_events")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
