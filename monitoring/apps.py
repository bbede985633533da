from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "monitoring"
    label = "monitoring"
    verbose_name = _("monitoring")

    def ready(self) -> None:
        """Declare the places in the rail, the alerts on a lead's page, what is masked, the download that is no list."""
        from monitoring import blocks, verification, whole_file  # noqa: F401
        from monitoring.selectors.alerts import WORKERS, alerts, open_alerts_count
        from supervision.records.reveals import Revealable, declare
        from supervision.web import nav
        from supervision.web.lists import name_list

        declare(
            Revealable(
                "alert.person",
                _("person number"),
                rows=alerts,
                value=lambda alert: alert.person_code,
                whose=lambda alert: _("person of alert %(n)s") % {"n": alert.pk},
                roles=WORKERS,
            )
        )
        blocks.declare()
        whole_file.register()
        name_list("monitoring.lines", _("Proving lines of an alert"))

        group = nav.Group.DISCOVER
        nav.register(group, _("Alerts"), "monitoring:alerts", WORKERS, open_alerts_count, tab="alert", order=10)
        nav.register(group, _("Screening overview"), "monitoring:overview", WORKERS, order=12)
        nav.register(group, _("Screening runs"), "monitoring:runs", WORKERS, order=14)
        nav.register(group, _("Rules"), "monitoring:rules", WORKERS, order=16)
        nav.register(group, _("Rule library"), "monitoring:library", WORKERS, order=18)
        nav.register(group, _("Claims imports"), "monitoring:imports", WORKERS, order=20)
