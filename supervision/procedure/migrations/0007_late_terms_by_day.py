"""How many matters of a bureau are late is counted from the terms past their day, not from every open matter."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procedure', '0006_own_rows_need_events'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='term',
            index=models.Index(condition=models.Q(('state__in', ('running', 'overdue'))), fields=['due', 'dossier'], name='term_open_by_due'),
        ),
    ]
