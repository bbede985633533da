"""The limitation of a penalty (PP-6) and the points of a legal review (PP-38)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enforcement', '0009_police_answer'),
    ]

    operations = [
        migrations.AddField(
            model_name='enforcementcase',
            name='conduct_ended_on',
            field=models.DateField(blank=True, null=True, verbose_name='conduct ended on'),
        ),
        migrations.AddField(
            model_name='enforcementcase',
            name='harms_health',
            field=models.BooleanField(default=False, verbose_name='life or health was harmed'),
        ),
        migrations.AddField(
            model_name='fact',
            name='harms_health',
            field=models.BooleanField(default=False, verbose_name='life or health was harmed'),
        ),
    ]
