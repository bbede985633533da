"""Fees whose payment is refused were never paid out: nobody owes them (HY-18, HY-23)."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0011_accounts_kept'),
        ('parties', '0009_posts_that_fit'),
        ('procedure', '0007_late_terms_by_day'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='receivable',
            name='receivable_kind_decides_route',
        ),
        migrations.AlterField(
            model_name='receivable',
            name='kind',
            field=models.CharField(choices=[('refund', 'fees recovered'), ('damages', 'liquidated damages'), ('fine', 'fine'), ('confiscation', 'confiscated gains'), ('surcharge', 'surcharge for late payment')], max_length=12, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='receivable',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('refund', 'damages')), ('route', 'fiscal'), models.Q(('fund', ''), _negated=True)), models.Q(('fund', ''), ('kind__in', ('fine', 'confiscation', 'surcharge')), ('route', 'treasury')), _connector='OR'), name='receivable_kind_decides_route'),
        ),
    ]
