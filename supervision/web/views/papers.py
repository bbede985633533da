"""Papers and evidence: reading them, entering, judging, serving, ending."""

from collections.abc import Callable
from typing import Any

from csp.constants import NONE, SELF
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from supervision.procedure.models import Dossier
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.records import store
from supervision.records.export import export_file
from supervision.records.forms import ServeForm
from supervision.records.handling import (
    EvidenceForm,
    ReasonForm,
    TransferForm,
    VerdictForm,
    VerdictsForm,
    may_add_evidence,
    may_end_papers,
    works_on,
)
from supervision.records.models import Evidence, Paper
from supervision.records.selectors import custody_of, evidence_visible_to, papers_visible_to
from supervision.records.services import (
    add_evidence,
    download,
    judge_together,
    preview_service,
    reissue_paper,
    reject_evidence,
    serve,
    transfer_evidence,
    verify_evidence,
    void_paper,
)

from ..dialogs import form_page, go, paper_pages, small_form
from ..forms import bound_form
from ..record_pages import load
from ..request import PageRequest

PDF = "application/pdf"
SANDBOX = {"default-src": [NONE], "img-src": [SELF], "media-src": [SELF], "sandbox": []}
# Shown in the browser's window; anything else is only downloaded.
SHOWN_TYPES = ("image/", "audio/", "video/", PDF, "text/plain")


def _paper(request: PageRequest, pk: int) -> Paper:
    paper = papers_visible_to(request.actor).filter(pk=pk).select_related("dossier__authority").first()
    if paper is None:
        raise Http404
    return paper


def _evidence(request: PageRequest, pk: int) -> Evidence:
    related = ("dossier__authority", "verified_by", "added_by")
    evidence = evidence_visible_to(request.actor).filter(pk=pk).select_related(*related).first()
    if evidence is None:
        raise Http404
    return evidence


def stored_file(pieces: Any, name: str, media_type: str, size: int, *, attach: bool) -> HttpResponseBase:
    """A stored file as an answer that no browser runs as a page of ours."""
    shown = media_type.startswith(SHOWN_TYPES) and not attach
    response = StreamingHttpResponse(pieces, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    response.headers["Content-Length"] = str(size)
    response.headers["Cache-Control"] = "private, no-store"
    if media_type != PDF:  # browsers do not show a PDF inside a sandbox
        response._csp_replace = SANDBOX  # type: ignore[attr-defined]
    return response


@require_safe
def paper_file(request: PageRequest, pk: int) -> HttpResponseBase:
    """The paper's PDF as it was frozen."""
    paper = _paper(request, pk)
    pieces = store.pieces(paper.sha256)
    return stored_file(pieces, paper.filename, PDF, paper.size, attach="download" in request.GET)


@require_POST
def export_dossier(request: PageRequest, pk: int) -> HttpResponseBase:
    """The whole file of a matter as a ZIP that proves itself (PP-57); recorded before the first byte leaves."""
    dossier = load(request.actor, pk)
    try:
        export = export_file(dossier, request.actor, request.META.get("REMOTE_ADDR") or None)
    except Dossier.DoesNotExist:
        raise Http404 from None
    response = StreamingHttpResponse(export.pieces, content_type="application/zip")
    response.headers["Content-Disposition"] = content_disposition_header(True, export.name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def serve_paper(request: PageRequest, pk: int) -> HttpResponse:
    """Record the service of a paper outside a step, as after a first attempt failed."""
    paper = _paper(request, pk)
    dossier = load(request.actor, paper.dossier_id)
    if not (works_on(request.actor, dossier) and paper.is_in_force):
        raise Http404
    form: forms.Form = bound_form(request, ServeForm, dossier=dossier, actor=request.actor, paper=paper)
    if request.method == "POST":
        try:
            if "preview" in request.POST:
                pages = preview_service(paper, request.actor, data=request.POST, files=request.FILES)
                return paper_pages(request, pages, dossier, _("Certificate of service"))
            serve(paper, request.actor, data=request.POST, files=request.FILES)
        except StepInvalid as invalid:
            form = invalid.form
        except StepRefused as refusal:
            _say(form, refusal)
        else:
            return _back(request, dossier, _("The service is recorded."))
    heading = _("Serve %(paper)s") % {"paper": paper}
    return small_form(request, dossier, form, heading, _("Record the service"), previews=True)


@require_http_methods(["GET", "POST"])
def end_paper(request: PageRequest, pk: int, how: str) -> HttpResponse:
    """Declare a paper void, or replace it by a new one; its number stays taken."""
    paper = _paper(request, pk)
    dossier = load(request.actor, paper.dossier_id)
    if not (may_end_papers(request.actor, dossier) and paper.is_in_force):
        raise Http404
    act: Callable[..., Any] = void_paper if how == "void" else reissue_paper
    heading = _("Declare %(paper)s void") if how == "void" else _("Replace %(paper)s")
    button = _("Declare void") if how == "void" else _("Replace")
    form = bound_form(request, ReasonForm)
    if request.method == "POST" and form.is_valid():
        try:
            act(paper, request.actor, reason=form.cleaned_data["reason"])
        except StepRefused as refusal:
            _say(form, refusal)
        else:
            return _back(request, dossier, _("Done: %(what)s") % {"what": heading % {"paper": paper}})
    return small_form(request, dossier, form, heading % {"paper": paper}, button)


@require_http_methods(["GET", "POST"])
def enter_evidence(request: PageRequest, pk: int) -> HttpResponse:
    """Enter a piece of evidence with its file."""
    dossier = load(request.actor, pk)
    if not may_add_evidence(request.actor, dossier):
        raise Http404
    form = bound_form(request, EvidenceForm, dossier=dossier)
    if request.method == "POST" and form.is_valid():
        try:
            add_evidence(dossier, request.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None if hasattr(error, "error_dict") else "file", error)
        else:
            return _back(request, dossier, _("The evidence is entered."))
    return small_form(request, dossier, form, _("Enter evidence"), _("Enter"))


@require_safe
def evidence_page(request: PageRequest, pk: int) -> HttpResponse:
    """A piece of evidence with its chain of custody."""
    evidence = _evidence(request, pk)
    dossier = load(request.actor, evidence.dossier_id)
    context = {
        "evidence": evidence,
        "dossier": dossier,
        "custody": custody_of(evidence),
        "may_act": may_add_evidence(request.actor, dossier),
        "shown": evidence.media_type.startswith(SHOWN_TYPES),
        "crumbs": [(dossier.number, reverse("web:dossier", args=[dossier.pk])), (evidence.title, "")],
    }
    return render(request, "pages/records/evidence.html", context)


@require_safe
def evidence_file(request: PageRequest, pk: int) -> HttpResponseBase:
    """The file; entered in the chain of custody before the first byte leaves."""
    evidence = _evidence(request, pk)
    attach = "download" in request.GET
    pieces = download(evidence, request.actor, view=not attach)
    return stored_file(pieces, evidence.original_name, evidence.media_type, evidence.size, attach=attach)


@require_http_methods(["GET", "POST"])
def judge_evidence(request: PageRequest, pk: int) -> HttpResponse:
    """Declare evidence verified or rejected."""
    evidence = _evidence(request, pk)
    dossier = load(request.actor, evidence.dossier_id)
    if not may_add_evidence(request.actor, dossier):
        raise Http404
    form = bound_form(request, VerdictForm)
    piece = reverse("web:evidence", args=[pk]) if request.GET.get("from") == "piece" else ""
    if request.method == "POST" and form.is_valid():
        judge: Callable[..., Any] = verify_evidence if form.cleaned_data["verdict"] == "verify" else reject_evidence
        try:
            judge(evidence, request.actor, note=form.cleaned_data["note"])
        except StepRefused as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("The verdict is recorded."))
            return go(request, piece or _evidence_of(load(request.actor, dossier.pk)))
    crumbs = [(dossier.number, reverse("web:dossier", args=[dossier.pk]))]
    heading, back = _("Judge “%(title)s”") % {"title": evidence.title}, piece or _evidence_of(dossier)
    return form_page(request, form, heading=heading, button=_("Record"), back=back, crumbs=crumbs)


@require_http_methods(["GET", "POST"])
def judge_several(request: PageRequest, pk: int) -> HttpResponse:
    """Declare several pieces of a matter verified or rejected at once; `?pieces=` are those ticked on its page."""
    dossier = load(request.actor, pk)
    if not may_add_evidence(request.actor, dossier):
        raise Http404
    ticked = [key for key in request.GET.getlist("pieces") if key.isdecimal()]
    form = bound_form(request, VerdictsForm, dossier=dossier, initial={"pieces": ticked})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            judged = judge_together(
                said["pieces"], request.actor, verify=said["verdict"] == "verify", note=said["note"]
            )
        except StepRefused as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("Verdicts recorded: %(n)s.") % {"n": len(judged)})
            return go(request, _evidence_of(load(request.actor, pk)))
    crumbs = [(dossier.number, reverse("web:dossier", args=[pk]))]
    back = _evidence_of(dossier)
    return form_page(request, form, heading=_("Judge evidence"), button=_("Record"), back=back, crumbs=crumbs)


def _evidence_of(dossier: Dossier) -> str:
    """The evidence on the matter's page; the number of events makes the browser load it anew after each verdict."""
    return f"{reverse('web:dossier', args=[dossier.pk])}?seen={dossier.events_count}#evidence"


@require_http_methods(["GET", "POST"])
def hand_over_evidence(request: PageRequest, pk: int) -> HttpResponse:
    """Record that evidence was handed to somebody."""
    evidence = _evidence(request, pk)
    dossier = load(request.actor, evidence.dossier_id)
    if not works_on(request.actor, dossier):
        raise Http404
    form = bound_form(request, TransferForm)
    if request.method == "POST" and form.is_valid():
        transfer_evidence(evidence, request.actor, **form.cleaned_data)
        return _back(request, dossier, _("The handing over is recorded."))
    return small_form(request, dossier, form, _("Hand over “%(title)s”") % {"title": evidence.title}, _("Record"))


def _say(form: Any, refusal: StepRefused) -> None:
    """Every reason of a refusal as an error of the whole form."""
    form.is_valid()
    for reason in refusal.reasons:
        form.add_error(None, str(reason.sentence))


def _back(request: PageRequest, dossier: Dossier, text: str) -> HttpResponse:
    messages.success(request, text)
    return go(request, reverse("web:dossier", args=[dossier.pk]))
