"""The record pages of leads and inspections, and their places in the rail; loaded when the app is ready."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inspections.leads.models import Lead
from inspections.leads.selectors import open_leads_count
from inspections.onsite.contradictions import contradictions
from inspections.onsite.models import Finding, InspectionTask
from inspections.onsite.selectors import my_tasks_count, visits_of
from supervision.parties.actors import Actor
from supervision.parties.roles import ADMINISTRATORS, Role
from supervision.web import nav
from supervision.web.record_blocks import Block, add_file_block
from supervision.web.record_pages import RecordView, record_page

STAFF = {*Role} - ADMINISTRATORS - {Role.PROVIDER_REP, Role.WITNESS, Role.SYSTEM}


def lead_facts(lead: Lead, actor: Actor) -> Mapping[str, Any]:
    """What came in, what the verification found, how it ended."""
    return {"lead": lead}


@record_page("lead")
class LeadPage(RecordView):
    """A lead: what is reported, verified, concluded."""

    list_url = "inspections:leads"
    own_facts = True
    blocks = (Block("lead", _("What is reported"), "pages/inspections/_lead.html", lead_facts, order=10),)


def visit_facts(task: InspectionTask, actor: Actor) -> Mapping[str, Any]:
    """What kind of inspection, by which checklist, and how it began."""
    return {"task": task}


def checklist_of(task: InspectionTask, actor: Actor) -> Mapping[str, Any]:
    """Every item with its answer and photos."""
    photos: dict[int | None, list[Any]] = {}
    for photo in task.photos.select_related("evidence"):
        photos.setdefault(photo.item_id, []).append(photo)
    answers = {answer.item_id: answer for answer in task.answers.select_related("by")}
    items = list(task.checklist.items.all())
    against = {each.answer.item_id: each.sentence for each in contradictions(task)}
    return {
        "task": task,
        "version": task.checklist,
        "rows": [
            {
                "item": item,
                "answer": answers.get(item.pk),
                "photos": photos.get(item.pk, []),
                "against": against.get(item.pk, ""),
            }
            for item in items
        ],
        "answered": len(answers),
        "total": len(items),
        "header": f"{len(answers)} / {len(items)}",
    }


def findings_of(task: InspectionTask, actor: Actor) -> Mapping[str, Any] | None:
    """The findings, dropped ones with their reason."""
    found = list(
        task.findings.select_related("department").prefetch_related("evidence", "practitioners").order_by("number")
    )
    return {"task": task, "findings": found, "tones": TONES} if found else None


TONES = {Finding.Status.DRAFT: "warn", Finding.Status.CONFIRMED: "ok", Finding.Status.DROPPED: ""}


def site_record_of(task: InspectionTask, actor: Actor) -> Mapping[str, Any] | None:
    """The on-site record and how it was signed or refused."""
    record = task.site_record_or_none
    return {"record": record, "officers": list(record.officers.all())} if record else None


def recusals_of(task: InspectionTask, actor: Actor) -> Mapping[str, Any] | None:
    """Recusals with their decisions."""
    found = list(task.recusals.select_related("officer", "decided_by"))
    return {"recusals": found} if found else None


@record_page("inspection")
class InspectionPage(RecordView):
    """The ledger of one inspection (一查一档)."""

    list_url = "inspections:tasks"
    own_facts = True
    template_name = "pages/inspections/task.html"
    blocks = (
        Block("visit", _("Inspection"), "pages/inspections/_visit.html", visit_facts, order=5, for_party=True),
        Block("findings", _("Findings"), "pages/inspections/_findings.html", findings_of, order=10, for_party=True),
        Block("checklist", _("Checklist"), "pages/inspections/_checklist.html", checklist_of, order=20),
        Block(
            "record", _("On-site record"), "pages/inspections/_record.html", site_record_of, order=30, for_party=True
        ),
        Block("recusals", _("Recusals"), "pages/inspections/_recusals.html", recusals_of, aside=True),
    )

    @staticmethod
    def tags(dossier: Any) -> list[tuple[str, Any]]:
        conclusion = [("ok" if dossier.conclusion == "clear" else "warn", dossier.get_conclusion_display())]
        return [("", dossier.get_inspection_kind_display()), *(conclusion if dossier.conclusion else [])]


def visits(party: Any, actor: Actor) -> Mapping[str, Any] | None:
    """The inspections of a provider with what they found (一院一档)."""
    found = visits_of(party, actor)
    return {"tasks": found} if found else None


def register() -> None:
    """Declare the places in the rail and the block of a provider's file."""
    nav.register(nav.Group.DISCOVER, _("Leads"), "inspections:leads", roles=STAFF, count=open_leads_count, order=30)
    nav.register(
        nav.Group.INSPECT,
        _("Inspections"),
        "inspections:tasks",
        roles=STAFF,
        count=my_tasks_count,
        tab="check",
        order=10,
    )
    nav.register(nav.Group.INSPECT, _("Coverage on site"), "inspections:coverage", roles=STAFF, order=40)
    nav.register(nav.Group.INSPECT, _("Checklists"), "inspections:checklists", roles=STAFF, order=50)
    add_file_block(
        Block("visits", _("Inspections"), "pages/inspections/_visits.html", visits, kinds={"provider"}, order=20)
    )


def on_site_url(task: InspectionTask) -> str:
    """The page an inspector works on, on the spot."""
    return reverse("inspections:on-site", args=[task.pk])
