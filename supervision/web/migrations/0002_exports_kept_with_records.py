"""The record of exports is kept with the records now; its table went there."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("web", "0001_initial"), ("records", "0003_disclosure")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("ExportLog")]),
    ]
