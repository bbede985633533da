"""Accounts have an employer, one-time passwords and a history that is only added to; posts and certificates are kept."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

KEPT = ("parties_post", "parties_certificate", "parties_staffevent")

FORWARD = """
CREATE FUNCTION parties_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' AND current_setting('supervision.allow_truncate', true) = 'on' THEN
    RETURN NULL;  -- the test runner empties its own database
  END IF;
  RAISE EXCEPTION 'rows of % are kept', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION parties_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'rows of % are only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER parties_staffevent_stamp BEFORE INSERT OR UPDATE ON parties_staffevent
  FOR EACH ROW EXECUTE FUNCTION parties_stamp();
""" + "".join(
    f"""
CREATE TRIGGER {table}_keep BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION parties_keep();
CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION parties_keep();
"""
    for table in KEPT
)
BACKWARD = "DROP FUNCTION parties_keep() CASCADE; DROP FUNCTION parties_stamp() CASCADE;"
# Whoever holds or held posts is employed where the first of them is.
EMPLOYERS = """
UPDATE parties_user u SET employer_id = first.authority_id
  FROM (SELECT DISTINCT ON (user_id) user_id, authority_id FROM parties_post
         WHERE authority_id IS NOT NULL ORDER BY user_id, id) first
 WHERE first.user_id = u.id AND NOT u.is_machine
"""


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0002_identifiers'),
    ]

    operations = [
        migrations.AddField(
            model_name='certificate',
            name='revoked_because',
            field=models.CharField(blank=True, max_length=200, verbose_name='revoked because'),
        ),
        migrations.AddField(
            model_name='user',
            name='employer',
            field=models.ForeignKey(blank=True, help_text='Whose administrators keep the account; empty for people of providers.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='parties.authority', verbose_name='employed at'),
        ),
        migrations.AddField(
            model_name='user',
            name='one_time_until',
            field=models.DateTimeField(blank=True, help_text='The password must be replaced before then.', null=True, verbose_name='one-time password until'),
        ),
        migrations.CreateModel(
            name='StaffEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('added', 'account added'), ('post_given', 'post given'), ('post_ended', 'post ended'), ('certificate_added', 'certificate entered'), ('certificate_renewed', 'certificate renewed'), ('certificate_revoked', 'certificate revoked'), ('disabled', 'sign-in disabled'), ('enabled', 'sign-in enabled'), ('password_reset', 'one-time password given'), ('password_chosen', 'own password chosen'), ('factor_reset', 'second factor reset')], max_length=24, verbose_name='what')),
                ('facts', models.JSONField(default=dict)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                ('authority', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.authority', verbose_name='at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staff_events', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'event of an account',
                'verbose_name_plural': 'events of accounts',
                'ordering': ('-at', '-pk'),
                'indexes': [models.Index(fields=['person', '-at'], name='staff_event_of_person'), models.Index(fields=['-at', '-id'], name='staff_event_by_time')],
            },
        ),
        migrations.RunSQL(EMPLOYERS, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
