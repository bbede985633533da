"""An account entered by mistake is cancelled, and the one it had ended is in force again (HY-47, HY-48).

Its days go, and those of the other come back, only with the event that tells of it.
"""

import django.db.models.deletion
from django.db import migrations, models

REPLACED = """
UPDATE funds_account n SET replaces_id = o.id FROM funds_account o
 WHERE (o.authority_id, o.route, o.fund) = (n.authority_id, n.route, n.fund)
   AND NOT isempty(n.valid) AND upper(o.valid) = lower(n.valid);
"""
FORWARD = """
CREATE OR REPLACE FUNCTION funds_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept text[] := ARRAY['valid', 'replaces_id', 'replaced_until'];
BEGIN
  IF to_jsonb(NEW) - kept = to_jsonb(OLD) - kept
     AND (NEW.valid = OLD.valid
          -- It ends, or ends earlier.
          OR (NOT isempty(NEW.valid) AND NEW.valid <@ OLD.valid AND lower(NEW.valid) = lower(OLD.valid))
          -- Or one is cancelled: it loses all its days, or regains those the other had taken.
          OR ((isempty(NEW.valid) OR (NOT isempty(OLD.valid) AND lower(NEW.valid) = lower(OLD.valid)))
              AND EXISTS (SELECT 1 FROM parties_authorityevent e
                           WHERE e.authority_id = OLD.authority_id AND e.verb = 'account_cancelled'
                             AND e.at >= transaction_timestamp()))) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'account % is ended and another entered, never altered', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0012_refused_fees_are_not_owed"), ("parties", "0010_dated_cancelled")]
    operations = [
        migrations.AddField(
            model_name="account",
            name="replaces",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="replaced_by",
                to="funds.account",
            ),
        ),
        migrations.AddField(
            model_name="account", name="replaced_until", field=models.DateField(editable=False, null=True)
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
        migrations.RunSQL(REPLACED, migrations.RunSQL.noop),
    ]  # fmt: skip
