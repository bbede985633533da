"""Licence numbers of practitioners and telephone numbers of staff are encrypted like identity numbers (HY-38)."""

from django.db import migrations, models

import supervision.parties.crypto
from supervision.parties.crypto import blind_index, decrypt, encrypt


def encrypt_all(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT party_ptr_id, licence FROM parties_practitioner WHERE licence <> ''")
        for key, licence in cursor.fetchall():
            cursor.execute(
                "UPDATE parties_practitioner SET licence = %s, licence_index = %s WHERE party_ptr_id = %s",
                [encrypt(licence), blind_index(licence), key],
            )
        cursor.execute("SELECT id, phone FROM parties_user WHERE phone <> ''")
        for key, phone in cursor.fetchall():
            cursor.execute("UPDATE parties_user SET phone = %s WHERE id = %s", [encrypt(phone), key])


def decrypt_all(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table, key, column in (("parties_practitioner", "party_ptr_id", "licence"), ("parties_user", "id", "phone")):
            cursor.execute(f"SELECT {key}, {column} FROM {table} WHERE {column} <> ''")
            for row, stored in cursor.fetchall():
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [decrypt(stored), row])


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial")]
    operations = [
        migrations.AddField(
            "practitioner",
            "licence_index",
            models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AlterField(
            "practitioner",
            "licence",
            supervision.parties.crypto.EncryptedTextField(blank=True, verbose_name="licence number"),
        ),
        migrations.AlterField(
            "user",
            "phone",
            supervision.parties.crypto.EncryptedTextField(blank=True, verbose_name="phone"),
        ),
        migrations.RunPython(encrypt_all, decrypt_all),
    ]
