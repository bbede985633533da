"""An entry knows which one it ended, and when that would have ended: cancelled as a mistake, it gives it its days back."""

import django.db.models.deletion
from django.db import migrations, models

VERBS = [
    ("redress_set", "remedies entered"),
    ("redress_ended", "remedies ended"),
    ("redress_cancelled", "remedies cancelled"),
    ("office_set", "office entered"),
    ("office_ended", "office ended"),
    ("office_cancelled", "office cancelled"),
    ("account_set", "account entered"),
    ("account_ended", "account ended"),
    ("account_cancelled", "account cancelled"),
]
# What one had ended before is known by its days: one entry's last day is the day before another's first.
REPLACED = "".join(
    f"""
UPDATE {table} n SET replaces_id = o.id FROM {table} o
 WHERE o.authority_id = n.authority_id AND NOT isempty(n.valid) AND upper(o.valid) = lower(n.valid);
"""
    for table in ("parties_redress", "parties_office")
)


def _fields(model: str) -> list[migrations.AddField]:
    return [
        migrations.AddField(
            model_name=model,
            name="replaces",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="replaced_by",
                to=f"parties.{model}",
            ),
        ),
        migrations.AddField(
            model_name=model, name="replaced_until", field=models.DateField(editable=False, null=True)
        ),
    ]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("parties", "0009_posts_that_fit")]
    operations = [
        migrations.AlterField(
            model_name="authorityevent",
            name="verb",
            field=models.CharField(choices=VERBS, max_length=24, verbose_name="what"),
        ),
        *_fields("redress"),
        *_fields("office"),
        migrations.RunSQL(REPLACED, migrations.RunSQL.noop),
    ]
