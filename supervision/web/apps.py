from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "supervision.web"
    label = "web"
    verbose_name = _("pages")

    def ready(self) -> None:
        """Declare the shell's own places and blocks."""
        from supervision.parties.roles import ADMINISTRATORS, Role
        from supervision.parties.services.staff import READERS
        from supervision.records.export.index import Ports
        from supervision.records.export.service import WHOLE_FILE
        from supervision.records.reveals import OVERSEERS

        from . import events, nav, paper_blocks, person_blocks, register_history
        from .import_lists import REFUSED_ROWS
        from .lists import name_list

        Ports.facts_of = events.in_words
        paper_blocks.declare()
        person_blocks.declare()
        register_history.register()
        concerned = {*Role} - ADMINISTRATORS - {Role.SYSTEM}  # a party's own matters are a list too
        nav.register(nav.Group.HANDLE, _("All matters"), "web:dossiers", concerned, order=90)
        nav.register(nav.Group.EVALUATE, _("Institution files"), "web:providers", order=10)
        nav.register(nav.Group.EVALUATE, _("Physicians and pharmacists"), "web:practitioners", order=15)
        nav.register(nav.Group.SYSTEM, _("Staff"), "web:staff", READERS, order=3)
        nav.register(nav.Group.SYSTEM, _("Remedies against decisions"), "web:remedies", READERS, order=6)
        nav.register(nav.Group.SYSTEM, _("Offices"), "web:offices", READERS, order=7)
        nav.register(nav.Group.SYSTEM, _("Import a list"), "web:import-list", [Role.SYSTEM_ADMIN], order=5)
        nav.register(nav.Group.SYSTEM, _("Reveals and exports"), "web:reveals", OVERSEERS, order=8)
        name_list(REFUSED_ROWS, _("Rows an import set aside"))
        name_list(WHOLE_FILE, _("Whole file of a matter"))
        everyone = list(Role)
        nav.register(nav.Group.SYSTEM, _("Law catalogue"), "law:catalogue", everyone, order=10)
        nav.register(nav.Group.SYSTEM, _("Numbers of the law"), "law:numbers", everyone, order=11)
        nav.register(nav.Group.SYSTEM, _("Working days"), "workdays:calendar", everyone, order=12)
