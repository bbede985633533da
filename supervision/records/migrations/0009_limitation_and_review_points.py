"""The limitation of a penalty (PP-6) and the points of a legal review (PP-38)."""

import django.contrib.postgres.fields
from django.db import migrations, models


DECIDED_AT_ONCE = "reviewer_id,opinion,reasons,passed,decided_at"


def frozen_but(columns: str) -> str:
    """The trigger under which nothing of a review changes but what its decision fills in."""
    return f"""
DROP TRIGGER records_legalreview_frozen ON records_legalreview;
CREATE TRIGGER records_legalreview_frozen BEFORE UPDATE ON records_legalreview
  FOR EACH ROW EXECUTE FUNCTION records_frozen('{columns}');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0008_heard_and_late_statements'),
    ]

    operations = [
        migrations.AddField(
            model_name='legalreview',
            name='sound',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('competence', 'the bureau is competent and its officers are qualified'), ('jurisdiction', 'the case lies within its jurisdiction'), ('facts', 'the facts are clear, the evidence lawful and sufficient'), ('nature', 'the conduct is rightly characterized'), ('law', 'the law is rightly applied'), ('discretion', 'the discretion is rightly used'), ('procedure', 'the procedure is lawful'), ('papers', 'the papers are complete and in form'), ('crime', 'a suspected crime is referred, or there is none')], max_length=12), blank=True, default=list, size=None, verbose_name='points found in order'),
        ),
        migrations.RunSQL(frozen_but(f"{DECIDED_AT_ONCE},sound"), frozen_but(DECIDED_AT_ONCE)),
    ]
