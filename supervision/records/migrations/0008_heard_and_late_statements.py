"""Who was heard without a vote, and when a late statement arrived, in columns of their rows.

Who was heard is settled with the discussion, as who attended it is (HY-21, PP-44).
"""

import django.conf
from django.db import migrations, models

HEARD = "records_deliberation_heard"
FORWARD = f"""
CREATE TRIGGER {HEARD}_settled BEFORE UPDATE ON {HEARD} FOR EACH ROW EXECUTE FUNCTION records_settled();
CREATE TRIGGER {HEARD}_keep BEFORE DELETE ON {HEARD} FOR EACH ROW EXECUTE FUNCTION procedure_keep();
CREATE TRIGGER {HEARD}_keep_all BEFORE TRUNCATE ON {HEARD} FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
BACKWARD = "".join(f"DROP TRIGGER {HEARD}_{name} ON {HEARD};" for name in ("settled", "keep", "keep_all"))


class Migration(migrations.Migration):
    dependencies = [
        ('records', '0007_votes_guarded'),
        migrations.swappable_dependency(django.conf.settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='deliberation',
            name='heard',
            field=models.ManyToManyField(blank=True, related_name='+', to=django.conf.settings.AUTH_USER_MODEL, verbose_name='heard without a vote'),
        ),
        migrations.AddField(
            model_name='statement',
            name='received_on',
            field=models.DateField(blank=True, null=True, verbose_name='received after its days were over, on'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
