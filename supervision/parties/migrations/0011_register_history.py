"""Every change of a register is written down by the database itself, whoever makes it (HY-2, HY-48).

`parties_watch(table, key, owner, owned by, apart, secret)` has one function do it for any table: `owner` is party or
person, `apart` are columns no record rests on, of `secret` ones a digest is kept. Apps above name their own tables.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# Table → key, whose page tells of it, the column that leads there, columns left out, columns kept as a digest.
WATCHED = {
    "parties_region": ("id", "", "", "", ""),
    "parties_party": ("id", "party", "id", "sort_key", ""),
    "parties_authority": ("party_ptr_id", "party", "party_ptr_id", "", ""),
    "parties_provider": ("party_ptr_id", "party", "party_ptr_id", "", ""),
    "parties_practitioner": ("party_ptr_id", "party", "party_ptr_id", "", "licence,licence_index"),
    "parties_company": ("party_ptr_id", "party", "party_ptr_id", "", ""),
    "parties_otherdepartment": ("party_ptr_id", "party", "party_ptr_id", "", ""),
    "parties_providerdepartment": ("id", "party", "provider_id", "", ""),
    "parties_employment": ("id", "party", "practitioner_id", "", ""),
    "parties_commission": ("id", "party", "body_id", "", ""),
    "parties_office": ("id", "party", "authority_id", "", ""),
    "parties_redress": ("id", "party", "authority_id", "", ""),
    "parties_user": ("id", "person", "id", "last_login,language,one_time_until", "password,phone"),
    "parties_post": ("id", "person", "user_id", "", ""),
    "parties_certificate": ("id", "person", "user_id", "", ""),
    "parties_declaredinterest": ("id", "person", "user_id", "", ""),
}
FORWARD = """
CREATE FUNCTION parties_register_told(told jsonb, apart text, secret text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_object_agg(key, CASE
      WHEN key = ANY(string_to_array(secret, ',')) AND value NOT IN ('null', '""')
      THEN to_jsonb('sha256:' || encode(sha256(convert_to(value #>> '{}', 'UTF8')), 'hex'))
      ELSE value END)
    FROM jsonb_each(told) WHERE key <> ALL(string_to_array(apart, ','))
$$;

-- Arguments: key, owner, owned by, apart, secret. Rows entered come all at once, so that a list is taken in fast.
CREATE FUNCTION parties_register_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said jsonb := NULLIF(current_setting('supervision.served', true), '')::jsonb;
  row_before jsonb; row_after jsonb; kept jsonb;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO parties_registerchange
      (register, "row", what, after, party_id, person_id, act, by_id, at_authority_id, mark, db_role, transaction)
    SELECT TG_TABLE_NAME, (told->>TG_ARGV[0])::bigint, 'insert', parties_register_told(told, TG_ARGV[3], TG_ARGV[4]),
           CASE TG_ARGV[1] WHEN 'party' THEN (told->>TG_ARGV[2])::bigint END,
           CASE TG_ARGV[1] WHEN 'person' THEN (told->>TG_ARGV[2])::bigint END,
           COALESCE(said->>'act', ''), (said->>'by')::bigint, (said->>'at')::bigint, COALESCE(said->>'mark', ''),
           session_user, pg_current_xact_id()::text::bigint
      FROM (SELECT to_jsonb(added) AS told FROM added) rows
     WHERE told->>'kind' IS DISTINCT FROM 'insured';  -- they come with the claims and are no register of ours
    RETURN NULL;
  END IF;
  row_before := parties_register_told(to_jsonb(OLD), TG_ARGV[3], TG_ARGV[4]);
  kept := to_jsonb(OLD);
  IF TG_OP = 'UPDATE' THEN
    kept := to_jsonb(NEW);
    SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, n.value) INTO row_before, row_after
      FROM jsonb_each(row_before) o
      JOIN jsonb_each(parties_register_told(kept, TG_ARGV[3], TG_ARGV[4])) n ON n.key = o.key AND n.value <> o.value;
    IF row_before IS NULL THEN
      RETURN NULL;  -- nothing that is kept has changed
    END IF;
  END IF;
  INSERT INTO parties_registerchange
    (register, "row", what, before, after, party_id, person_id, act, by_id, at_authority_id, mark, db_role, transaction)
  VALUES (TG_TABLE_NAME, (to_jsonb(OLD)->>TG_ARGV[0])::bigint, lower(TG_OP), row_before, row_after,
          CASE TG_ARGV[1] WHEN 'party' THEN (kept->>TG_ARGV[2])::bigint END,
          CASE TG_ARGV[1] WHEN 'person' THEN (kept->>TG_ARGV[2])::bigint END,
          COALESCE(said->>'act', ''), (said->>'by')::bigint, (said->>'at')::bigint, COALESCE(said->>'mark', ''),
          session_user, pg_current_xact_id()::text::bigint);
  RETURN NULL;
END $$;

CREATE FUNCTION parties_watch(watched regclass, key text, owner text, owned_by text, apart text, secret text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE told text := format('EXECUTE FUNCTION parties_register_change(%L, %L, %L, %L, %L)',
                            key, owner, owned_by, apart, secret);
BEGIN
  EXECUTE format('CREATE TRIGGER register_entered AFTER INSERT ON %s REFERENCING NEW TABLE AS added '
                 'FOR EACH STATEMENT %s', watched, told);
  EXECUTE format('CREATE TRIGGER register_changed AFTER UPDATE OR DELETE ON %s FOR EACH ROW %s', watched, told);
  EXECUTE format('CREATE TRIGGER register_keep_all BEFORE TRUNCATE ON %s '
                 'FOR EACH STATEMENT EXECUTE FUNCTION parties_keep()', watched);
  EXECUTE format('INSERT INTO parties_registerchange '
                 '(register, "row", what, after, party_id, person_id, act, mark, db_role, transaction) '
                 'SELECT %L, (told->>%L)::bigint, ''found'', parties_register_told(told, %L, %L), '
                 'CASE %L WHEN ''party'' THEN (told->>%L)::bigint END, '
                 'CASE %L WHEN ''person'' THEN (told->>%L)::bigint END, '''', '''', '
                 'session_user, pg_current_xact_id()::text::bigint '
                 'FROM (SELECT to_jsonb(one) AS told FROM %s one) rows '
                 'WHERE told->>''kind'' IS DISTINCT FROM ''insured'' ORDER BY 2',
                 watched::text, key, apart, secret, owner, owned_by, owner, owned_by, watched);
END $$;

CREATE TRIGGER parties_registerchange_stamp BEFORE INSERT OR UPDATE ON parties_registerchange
  FOR EACH ROW EXECUTE FUNCTION parties_stamp();
CREATE TRIGGER parties_registerchange_keep BEFORE DELETE ON parties_registerchange
  FOR EACH ROW EXECUTE FUNCTION parties_keep();
CREATE TRIGGER parties_registerchange_keep_all BEFORE TRUNCATE ON parties_registerchange
  FOR EACH STATEMENT EXECUTE FUNCTION parties_keep();
""" + "".join(
    f"SELECT parties_watch('{table}', {', '.join(repr(one) for one in how)});\n" for table, how in WATCHED.items()
)
BACKWARD = """
DROP FUNCTION parties_register_change() CASCADE;
DROP FUNCTION parties_watch(regclass, text, text, text, text, text);
DROP FUNCTION parties_register_told(jsonb, text, text);
""" + "".join(f"DROP TRIGGER register_keep_all ON {table};\n" for table in WATCHED)
ROW = {"db_constraint": False, "null": True, "on_delete": django.db.models.deletion.DO_NOTHING, "related_name": "+"}


class Migration(migrations.Migration):
    dependencies = [("parties", "0010_dated_cancelled")]
    operations = [
        migrations.CreateModel(
            name="RegisterChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("register", models.CharField(max_length=63)),
                ("row", models.BigIntegerField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("found", "as it stood"),
                            ("insert", "entered"),
                            ("update", "changed"),
                            ("delete", "removed"),
                        ],
                        max_length=6,
                        verbose_name="what",
                    ),
                ),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("act", models.CharField(blank=True, max_length=60)),
                ("mark", models.CharField(blank=True, max_length=100)),
                ("db_role", models.CharField(max_length=63)),
                ("transaction", models.BigIntegerField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="at")),
                ("party", models.ForeignKey(**ROW, to="parties.party")),
                ("person", models.ForeignKey(**ROW, to=settings.AUTH_USER_MODEL)),
                ("by", models.ForeignKey(**ROW, to=settings.AUTH_USER_MODEL, verbose_name="by")),
                ("at_authority", models.ForeignKey(**ROW, to="parties.authority", verbose_name="at")),
            ],
            options={
                "verbose_name": "change of a register",
                "verbose_name_plural": "changes of the registers",
                "indexes": [
                    models.Index(fields=["register", "row"], name="register_change_of_row"),
                    models.Index(
                        condition=models.Q(("party__isnull", False)),
                        fields=["party", "-id"],
                        name="register_change_of_party",
                    ),
                    models.Index(
                        condition=models.Q(("person__isnull", False)),
                        fields=["person", "-id"],
                        name="register_change_of_person",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
