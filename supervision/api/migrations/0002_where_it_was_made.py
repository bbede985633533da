"""Where what a kept answer tells of was made."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('api', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='keptanswer',
            name='location',
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
