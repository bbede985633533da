"""Every change of an account is written into the history of the registers (HY-47, HY-48)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("funds", "0013_accounts_cancelled"), ("parties", "0011_register_history")]
    operations = [
        migrations.RunSQL(
            "SELECT parties_watch('funds_account', 'id', 'party', 'authority_id', '', '');",
            "DROP TRIGGER register_entered ON funds_account; DROP TRIGGER register_changed ON funds_account;"
            "DROP TRIGGER register_keep_all ON funds_account;",
        )
    ]
