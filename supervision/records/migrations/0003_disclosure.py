"""The record of identifiers shown in clear, beside the record of exports, which moves here from the pages (HY-38).

Both are only added to: the database itself refuses a change or a removal, and stamps the moment of a reveal.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

TABLES = ("records_reveallog", "records_exportlog")

FORWARD = """
CREATE FUNCTION records_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION records_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER records_reveallog_stamp BEFORE INSERT ON records_reveallog
  FOR EACH ROW EXECUTE FUNCTION records_stamp();
""" + "".join(
    f"""
CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION records_only_added();
CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION procedure_keep();
"""
    for table in TABLES
)

BACKWARD = (
    "".join(f"DROP TRIGGER {table}_keep_all ON {table};" for table in TABLES)
    + "DROP FUNCTION records_only_added() CASCADE; DROP FUNCTION records_stamp() CASCADE;"
)


def logged(by):
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        (
            "user",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name=by,
            ),
        ),
        ("address", models.GenericIPAddressField(null=True, verbose_name="address")),
    ]


def authority(**options):
    return (
        "authority",
        models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to="parties.authority",
            verbose_name="authority",
            **options,
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_guards"),
        ("procedure", "0002_guards"),
        ("parties", "0002_identifiers"),
        ("web", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="RevealLog",
            fields=[
                *logged("shown to"),
                authority(),
                ("field", models.CharField(max_length=40, verbose_name="what")),
                ("row", models.BigIntegerField()),
                ("whose", models.CharField(max_length=200, verbose_name="whose")),
                (
                    "party",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="party",
                    ),
                ),
                ("purpose", models.CharField(max_length=200, verbose_name="purpose")),
                (
                    "dossier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedure.dossier",
                        verbose_name="matter",
                    ),
                ),
                ("at", models.DateTimeField(db_default=Now(), verbose_name="at")),
            ],
            options={
                "verbose_name": "reveal",
                "verbose_name_plural": "reveals",
                "ordering": ("-at", "-pk"),
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="reveal_by_time"),
                    models.Index(fields=["user", "-at"], name="reveal_by_user"),
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE web_exportlog RENAME TO records_exportlog",
                    "ALTER TABLE records_exportlog RENAME TO web_exportlog",
                )
            ],
            state_operations=[
                migrations.CreateModel(
                    name="ExportLog",
                    fields=[
                        *logged("exported by"),
                        authority(null=True),
                        ("list_name", models.CharField(max_length=100, verbose_name="list")),
                        ("query", models.TextField(blank=True, verbose_name="filters")),
                        ("format", models.CharField(max_length=4, verbose_name="format")),
                        ("rows", models.PositiveIntegerField(verbose_name="rows")),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                    ],
                    options={
                        "verbose_name": "export",
                        "verbose_name_plural": "exports",
                        "ordering": ("-at", "-pk"),
                        "indexes": [models.Index(fields=["-at", "-id"], name="export_by_time")],
                    },
                )
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
