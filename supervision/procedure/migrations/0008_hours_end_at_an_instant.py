"""A term counted in hours ends at an instant, not with a day.

Those kept by the day until now end with their due day. Nothing happened in the matter: the guard that asks for an event
is passed by for this one filling.
"""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

FILL = f"""
ALTER TABLE procedure_term DISABLE TRIGGER procedure_term_guard;
UPDATE procedure_term
   SET until = ((due + 1)::timestamp AT TIME ZONE '{settings.TIME_ZONE}') - interval '1 microsecond' WHERE unit = 'H';
ALTER TABLE procedure_term ENABLE TRIGGER procedure_term_guard;
"""


class Migration(migrations.Migration):
    dependencies = [("procedure", "0007_late_terms_by_day")]
    operations = [
        migrations.AddField("term", "until", models.DateTimeField("ends at", blank=True, null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "term",
            models.CheckConstraint(
                condition=Q(unit="H", until__isnull=False) | (Q(until__isnull=True) & ~Q(unit="H")),
                name="term_in_hours_ends_at_an_instant",
            ),
        ),
    ]
