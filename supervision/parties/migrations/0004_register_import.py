"""Who took in which list of parties; only added to, and stamped by the database."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import supervision.parties.crypto

FORWARD = """
CREATE TRIGGER parties_registerimport_stamp BEFORE INSERT OR UPDATE ON parties_registerimport
  FOR EACH ROW EXECUTE FUNCTION parties_stamp();
CREATE TRIGGER parties_registerimport_keep BEFORE DELETE ON parties_registerimport
  FOR EACH ROW EXECUTE FUNCTION parties_keep();
CREATE TRIGGER parties_registerimport_keep_all BEFORE TRUNCATE ON parties_registerimport
  FOR EACH STATEMENT EXECUTE FUNCTION parties_keep();
"""
BACKWARD = "".join(
    f"DROP TRIGGER parties_registerimport_{name} ON parties_registerimport;" for name in ("stamp", "keep", "keep_all")
)


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0003_staff'),
    ]

    operations = [
        migrations.CreateModel(
            name='RegisterImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(choices=[('providers', 'providers'), ('practitioners', 'physicians and pharmacists')], max_length=16, verbose_name='list of')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('sha256', models.CharField(max_length=64, verbose_name='fingerprint of the file')),
                ('new', models.PositiveIntegerField(verbose_name='new rows')),
                ('changed', models.PositiveIntegerField(verbose_name='changed')),
                ('same', models.PositiveIntegerField(verbose_name='the same')),
                ('refused', models.PositiveIntegerField(verbose_name='set aside')),
                ('refused_rows', supervision.parties.crypto.EncryptedTextField(blank=True, verbose_name='rows set aside')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                ('authority', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.authority', verbose_name='authority')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken in by')),
            ],
            options={
                'verbose_name': 'import of a list',
                'verbose_name_plural': 'imports of lists',
                'ordering': ('-at', '-pk'),
                'indexes': [models.Index(fields=['-at', '-id'], name='register_import_by_time')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
