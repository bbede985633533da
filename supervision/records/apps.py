from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "supervision.records"
    label = "records"
    verbose_name = _("records")

    def ready(self) -> None:
        """Give steps their papers: load every app's `papers` module and fill the ports of the floor below."""
        from supervision.procedure.ports import Ports

        from . import checks, keeping, paper_types, registers, reliance, verbs  # noqa: F401
        from .identifiers import declare_identifiers
        from .services.paper import draft_for_step, issue_for_step
        from .services.serving import draft_certificate, serve_for_step

        autodiscover_modules("papers")
        Ports.issue_paper = issue_for_step
        Ports.draft_paper = draft_for_step
        Ports.draft_certificate = draft_certificate
        Ports.record_service = serve_for_step
        Ports.keep_record = keeping.keep_for_step
        Ports.knows_paper = paper_types.knows
        Ports.knows_record = keeping.is_known
        declare_identifiers()
