"""Who gave a tip is kept apart from the lead it became."""

import django.db.models.deletion
import supervision.parties.crypto
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspections', '0007_on_paper_and_heard'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('receipt', models.CharField(max_length=20, unique=True, verbose_name='receipt number')),
                ('code', models.CharField(max_length=128, verbose_name='query code, hashed')),
                ('name', supervision.parties.crypto.EncryptedTextField(blank=True, verbose_name='name')),
                ('phone', supervision.parties.crypto.EncryptedTextField(blank=True, verbose_name='phone')),
                ('lead', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='tip', to='inspections.lead', verbose_name='lead')),
            ],
            options={
                'verbose_name': 'tip from the public',
                'verbose_name_plural': 'tips from the public',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), ('phone', '')), models.Q(models.Q(('name', ''), _negated=True), models.Q(('phone', ''), _negated=True)), _connector='OR'), name='tip_named_in_full_or_not')],
            },
        ),
    ]
