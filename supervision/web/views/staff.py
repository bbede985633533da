"""A person of an authority: posts, certificates and account over time, and what administrators do (人员)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from supervision.parties.models import Certificate, Post, Region, StaffEvent, User
from supervision.parties.roles import Role
from supervision.parties.services.staff import StaffRefused, add_staff, staff_seen_by
from supervision.parties.staff_acts import ACTS, AddForm, acts_for
from supervision.procedure import clock

from .. import second_factor
from ..dialogs import form_page, go, in_dialog, varied
from ..forms import bound_form
from ..register_history import of_person
from ..request import PageRequest
from ..staff_facts import told
from ..staff_lists import validity

EVENTS_SHOWN = 100


def _person(request: PageRequest, pk: int) -> User:
    return get_object_or_404(staff_seen_by(request.actor, clock.today()).select_related("employer"), pk=pk)


@require_safe
def person_page(request: PageRequest, pk: int) -> HttpResponse:
    """The record of one person."""
    person = _person(request, pk)
    today = clock.today()
    events = StaffEvent.objects.filter(person=person).select_related("by", "authority")[:EVENTS_SHOWN]
    certificates = list(Certificate.objects.filter(user=person).order_by("-pk"))
    codes = {code for one in certificates for code in one.areas}
    areas = dict(Region.objects.filter(code__in=codes).values_list("code", "name"))
    context = {
        "person": person,
        "posts": [_post(post, today) for post in _posts(person)],
        "certificates": [
            (one, [areas.get(code, code) for code in one.areas], *validity(one, today)) for one in certificates
        ],
        "events": [(event, told(event)) for event in events],
        "changes": of_person(person),
        "device": second_factor.confirmed_device(person),
        "acts": acts_for(request.actor, person),
        "own": person == request.user,
        "crumbs": [(_("Staff"), reverse("web:staff")), (person.name, "")],
    }
    return render(request, "pages/staff/person.html", context)


def _posts(person: User) -> Any:
    return Post.objects.filter(user=person).select_related("authority", "provider").order_by("-pk")


def _post(post: Post, today: Any) -> dict[str, Any]:
    days = post.valid
    if days.isempty:
        tone, word = "", _("cancelled before it began")
    elif days.upper is not None and days.upper <= today:
        tone, word = "", _("ended")
    elif days.lower is not None and days.lower > today:
        tone, word = "on", _("from that day")
    else:
        tone, word = "ok", _("held today")
    return {"post": post, "tone": tone, "word": word}


@require_http_methods(["GET", "POST"])
@sensitive_variables("password")
def add(request: PageRequest) -> HttpResponse:
    """A new account; its one-time password is shown once."""
    if request.actor.authority is None or not request.actor.has(Role.SYSTEM_ADMIN):
        raise PermissionDenied
    today = clock.today()
    form = bound_form(request, AddForm, actor=request.actor, person=None, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            person, password = add_staff(request.actor, **form.cleaned_data, today=today)
        except StaffRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _secret(request, person, password)
    crumbs = [(_("Staff"), reverse("web:staff"))]
    return form_page(
        request, form, heading=_("Add a person"), button=_("Add"), back=reverse("web:staff"), crumbs=crumbs
    )


@require_http_methods(["GET", "POST"])
@sensitive_variables("outcome")
def act(request: PageRequest, pk: int, name: str) -> HttpResponse:
    """The form of one act of an administrator, and taking it."""
    person = _person(request, pk)
    declared = dict(acts_for(request.actor, person)).get(name)
    if declared is None:
        raise PermissionDenied if name in ACTS else Http404
    today = clock.today()
    initial = {key: request.GET[key] for key in ("post", "certificate") if key in request.GET}
    form = bound_form(request, declared.form, actor=request.actor, person=person, today=today, initial=initial)
    back = reverse("web:staff-person", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        try:
            outcome = declared.run(request.actor, person, **form.cleaned_data, today=today)
        except StaffRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if declared.secret:
                return _secret(request, person, outcome)
            messages.success(request, str(declared.done))
            return go(request, back)
    crumbs = [(_("Staff"), reverse("web:staff")), (person.name, back)]
    return form_page(
        request, form, heading=f"{declared.label} · {person.name}", button=str(declared.label), back=back, crumbs=crumbs
    )


def _secret(request: PageRequest, person: User, password: str) -> HttpResponse:
    """The one-time password, shown this once and kept by no browser."""
    person.refresh_from_db(fields=["one_time_until"])
    context = {
        "person": person,
        "password": password,
        "heading": _("One-time password of %(name)s") % {"name": person.name},
        "back": reverse("web:staff-person", args=[person.pk]),
    }
    template = "components/one_time.html" if in_dialog(request) else "pages/staff/one_time.html"
    response = varied(render(request, template, context))
    response.headers["Cache-Control"] = "no-store, private"
    return response
