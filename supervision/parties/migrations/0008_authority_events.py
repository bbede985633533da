"""What was entered or ended for an authority is told, and only added to."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER parties_authorityevent_stamp BEFORE INSERT OR UPDATE ON parties_authorityevent
  FOR EACH ROW EXECUTE FUNCTION parties_stamp();
CREATE TRIGGER parties_authorityevent_keep BEFORE DELETE ON parties_authorityevent
  FOR EACH ROW EXECUTE FUNCTION parties_keep();
CREATE TRIGGER parties_authorityevent_keep_all BEFORE TRUNCATE ON parties_authorityevent
  FOR EACH STATEMENT EXECUTE FUNCTION parties_keep();
"""
BACKWARD = """
DROP TRIGGER parties_authorityevent_stamp ON parties_authorityevent;
DROP TRIGGER parties_authorityevent_keep ON parties_authorityevent;
DROP TRIGGER parties_authorityevent_keep_all ON parties_authorityevent;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0007_posts_changed_by_hand'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuthorityEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('redress_set', 'remedies entered'), ('redress_ended', 'remedies ended'), ('office_set', 'office entered'), ('office_ended', 'office ended'), ('account_set', 'account entered'), ('account_ended', 'account ended')], max_length=24, verbose_name='what')),
                ('facts', models.JSONField(default=dict)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                ('at_authority', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.authority', verbose_name='at')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='parties.authority', verbose_name='authority')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'event of an authority',
                'verbose_name_plural': 'events of authorities',
                'ordering': ('-at', '-pk'),
                'indexes': [models.Index(fields=['authority', '-at'], name='authority_event')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
