"""Lists of what holds for an authority from a day on, and the forms that enter, end and cancel it (HY-48).

    class RemedyList(DatedList):
        name, title, columns = "parties.remedies", _("Remedies"), (AUTHORITY, …, *SPAN)
        model, verbs = Redress, (Verb.REDRESS_SET, Verb.REDRESS_ENDED, Verb.REDRESS_CANCELLED)
        add_url, end_url, cancel_url = "web:remedy-add", "web:remedy-end", "web:remedy-cancel"

Whoever works at an authority reads what holds within the jurisdiction; the system administrator enters and ends.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from supervision.parties.actors import authorities_within
from supervision.parties.dated_forms import BeginForm, CancelForm, EndForm
from supervision.parties.models import Authority, AuthorityEvent
from supervision.parties.services import dated
from supervision.parties.services.staff import StaffRefused
from supervision.procedure import clock

from .columns import Column
from .dialogs import form_page, go, varied
from .forms import bound_form
from .lists import ListView
from .oversight_lists import authorities_seen
from .register_history import outside
from .request import PageRequest

EVENTS_SHOWN = 30
FOLLOWS = "follows"  # asked with the form as it stands: what entering it would end
STANDINGS = (
    ("now", pgettext_lazy("dated", "in force")),
    ("coming", pgettext_lazy("dated", "to come")),
    ("ended", pgettext_lazy("dated", "ended")),
)


def _said(row: Any) -> str:
    if row.valid.isempty:
        return pgettext("dated", "cancelled")
    return str(dict(STANDINGS)[dated.standing(row, clock.today())])


def _last(row: Any) -> date | None:
    days = row.valid
    return None if days.isempty or days.upper is None else days.upper - timedelta(days=1)


Text = str | Promise
Page = Callable[..., HttpResponse]
# How an event calls the days and the reason it tells of.
DAYS: Mapping[str, Text] = {
    "first": gettext_lazy("In force from"),
    "last": gettext_lazy("Last day in force"),
    "reason": gettext_lazy("Reason"),
}
AUTHORITY = Column("authority", gettext_lazy("Authority"), lead=True)
SPAN = (
    Column("first", gettext_lazy("In force from"), kind="date", value=lambda row: row.valid.lower),
    Column("last", gettext_lazy("Last day in force"), kind="date", value=_last),
    Column("standing", gettext_lazy("State"), kind="tag", value=_said,
           tone=lambda row: {"now": "ok", "coming": "on", "ended": ""}[dated.standing(row, clock.today())]),
)  # fmt: skip


TOLD: dict[str, Any] = {
    "ended": gettext_lazy("Ended by it"),
    "ended_last": gettext_lazy("Its last day"),
    "restored": gettext_lazy("In force again"),
    "restored_last": gettext_lazy("Until its last day"),
}


class DatedFilter(django_filters.FilterSet):
    """Whose it is, and whether it holds today."""

    authority = django_filters.ModelChoiceFilter(label=gettext_lazy("Authority"), queryset=authorities_seen)
    standing = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=STANDINGS, method="standing_so")

    def standing_so(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return dated.standing_so(rows, value, clock.today())


class DatedList(ListView):
    """What holds, held and will hold, with what was entered and ended below."""

    template_name = "pages/dated/list.html"
    filterset_class: ClassVar[type[django_filters.FilterSet] | None] = DatedFilter
    model: ClassVar[type[Model]]
    verbs: ClassVar[Sequence[AuthorityEvent.Verb]]
    add_url: ClassVar[str]
    end_url: ClassVar[str]
    cancel_url: ClassVar[str]
    beside: ClassVar[Sequence[type[Model]]] = ()  # other registers of the authority told of here
    labels: ClassVar[dict[str, Any]]  # what an event tells, in this order
    choices: ClassVar[Mapping[str, Mapping[Any, Any]]] = {}
    told: ClassVar[Any] = gettext_lazy(
        "What is entered for a bureau holds for its agency too, unless that has its own. "
        "Decisions state what is in force on their day."
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.request.actor.authority is None:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        return dated.seen_by(self.request.actor, self.model._default_manager.select_related("authority"), clock.today())

    def get_columns(self) -> Sequence[Column]:
        if not dated.may_keep(self.request.actor):
            return self.columns
        return [*self.columns, Column("end", "", cell=self._end_cell, exported=False)]

    def _end_cell(self, row: Any) -> SafeString | str:
        if row.valid.isempty or row.authority_id not in self._within:
            return ""
        today = clock.today()
        standing = dated.standing(row, today)
        acts = [(self.end_url, _("End"))] if standing == "now" else []
        # Offered where it is likely a mistake; any other that nothing rests on is cancelled at its address.
        if standing == "coming" or (standing == "now" and row.replaces_id and dated.may_cancel(row, today)):
            acts.append((self.cancel_url, pgettext("dated", "Cancel the entry")))
        link = '<a class="btn" href="{0}" hx-get="{0}" hx-target="#dialog-body" aria-label="{1}：{2}">{1}</a>'
        return format_html_join(" ", link, ((reverse(url, args=[row.pk]), said, row) for url, said in acts))

    def _authorities(self) -> QuerySet[Authority]:
        """Those whose entries are seen here."""
        here = self.request.actor.authority
        if here is None:
            return Authority.objects.none()
        within = authorities_within(here, clock.today()).values("pk")
        return Authority.objects.filter(Q(pk__in=within) | Q(pk__in=[one.pk for one in here.with_guide]))

    @cached_property
    def _within(self) -> set[int]:
        here = self.request.actor.authority
        return set(authorities_within(here, clock.today()).values_list("pk", flat=True)) if here else set()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        events = AuthorityEvent.objects.filter(verb__in=self.verbs)
        events = dated.seen_by(self.request.actor, events, clock.today())
        events = events.select_related("by", "authority", "at_authority").order_by("-at", "-pk")[:EVENTS_SHOWN]
        may = dated.may_keep(self.request.actor)
        return super().get_context_data(
            may_keep=may,
            told=self.told,
            add_url=reverse(self.add_url) if may else "",
            events=[(event, self._told(event)) for event in events],
            outside=outside((self.model, *self.beside), self._authorities()),
            **kwargs,
        )

    def _told(self, event: AuthorityEvent) -> list[tuple[str, str]]:
        said = {name: self.choices.get(name, {}).get(text, text) for name, text in event.facts.items()}
        return [(str(label), str(said[name])) for name, label in (self.labels | TOLD).items() if name in said]


def entry_pages(
    of: type[DatedList],
    home: str,
    *,
    form: Any,
    enter: Callable[..., Any],
    end: Callable[..., Any],
    cancel: Callable[..., Any],
    rivals: Callable[[Any], QuerySet[Any]],
    headings: tuple[Text, Text, Text],
) -> tuple[Page, Page, Page]:
    """The pages beside a list: one enters what holds from a day on, one ends it with none in its place, one takes an
    entry made by mistake back.

    `home` is the address of the list; `rivals` gives the entries a row stands against; `headings` stand over the
    pages, in their order.
    """

    def back() -> tuple[str, str]:
        return str(of.title), reverse(home)

    def seen(request: PageRequest, pk: int) -> Any:
        return _one_seen(request, of.model._default_manager.select_related("authority"), pk)

    @require_http_methods(["GET", "POST"])
    def add_page(request: PageRequest) -> HttpResponse:
        return _enter_page(request, form, enter, heading=str(headings[0]), back=back())

    @require_http_methods(["GET", "POST"])
    def close_page(request: PageRequest, pk: int) -> HttpResponse:
        instead = reverse(of.cancel_url, args=[pk]), str(headings[2])
        return _end_page(request, seen(request, pk), end, instead, heading=str(headings[1]), back=back())

    @require_http_methods(["GET", "POST"])
    def undo_page(request: PageRequest, pk: int) -> HttpResponse:
        row = seen(request, pk)
        return _cancel_page(request, row, rivals(row), cancel, heading=str(headings[2]), back=back())

    return add_page, close_page, undo_page


def _enter_page(
    request: PageRequest, form_class: Any, do: Callable[..., Any], *, heading: str, back: tuple[str, str]
) -> HttpResponse:
    """The form that enters something from a day on; `do(actor, authority, today=…, **said)` is its service."""
    if not dated.may_keep(request.actor):
        raise PermissionDenied
    form = bound_form(request, form_class, actor=request.actor, today=clock.today())
    if request.method == "POST" and FOLLOWS in request.POST:
        return varied(render(request, "pages/dated/_follows.html", {"follows": _follows(form)}))
    return _asked(
        request, form, lambda **said: do(request.actor, said.pop("authority"), **said), heading=heading, back=back
    )


def _end_page(
    request: PageRequest,
    row: Any,
    do: Callable[..., Any],
    instead: tuple[str, str],
    *,
    heading: str,
    back: tuple[str, str],
) -> HttpResponse:
    """The form that ends a row; `do(actor, row, today=…, **said)` is its service, `instead` where it is cancelled."""
    if not dated.may_keep(request.actor):
        raise PermissionDenied
    form = bound_form(request, EndForm, actor=request.actor, today=clock.today())
    intro = _(
        "%(row)s. Nothing takes its place, and what it replaced stays ended: enter what is to hold next. "
        "An entry made by mistake is cancelled instead."
    )
    link = format_html(
        '{0} <a href="{1}" hx-get="{1}" hx-target="#dialog-body">{2}</a>', intro % {"row": row}, *instead
    )
    return _asked(
        request, form, lambda **said: do(request.actor, row, **said), heading=heading, back=back, intro=link,
    )  # fmt: skip


def _cancel_page(
    request: PageRequest,
    row: Any,
    rivals: QuerySet[Any],
    do: Callable[..., Any],
    *,
    heading: str,
    back: tuple[str, str],
) -> HttpResponse:
    """The form that takes an entry back; `do(actor, row, today=…, **said)` is its service."""
    if not dated.may_keep(request.actor):
        raise PermissionDenied
    if request.method == "GET":
        try:
            dated.must_be_cancellable(row, clock.today())
        except StaffRefused as refusal:
            messages.warning(request, str(refusal))
            return go(request, back[1])
    form = bound_form(request, CancelForm, actor=request.actor, today=clock.today())
    intro = _("%(row)s. It counts as never entered, and can still be read in the history.") % {"row": row}
    return _asked(
        request, form, lambda **said: do(request.actor, row, **said),
        heading=heading, back=back, intro=f"{intro} {_said_restored(row, rivals)}",
    )  # fmt: skip


def _said_restored(row: Any, rivals: QuerySet[Any]) -> str:
    """Which entry comes back when this is cancelled, and until when."""
    found = None if row.valid.isempty else dated.restored(row, rivals)
    if found is None:
        return _("Nothing comes back in its place.")
    former, until = found
    told = {"row": former, "first": row.valid.lower, "last": until - timedelta(days=1) if until else None}
    if until:
        return _("In force again from %(first)s to %(last)s: %(row)s.") % told
    return _("In force again from %(first)s on: %(row)s.") % told


def _follows(form: Any) -> dict[str, Any]:
    """What entering would do, in a line that follows the chosen day; `tone` as of a tag."""
    found: dated.Effect | None = form.effect()
    if found is None:
        return {"text": _("Choose the authority and the day: here it says what ends then."), "tone": ""}
    if found.blocked is not None:
        day = found.blocked.valid.lower
        return {"text": dated.BEGIN_LATER % {"day": day}, "tone": "bad"}
    if found.ends is None:
        return {"text": _("Nothing of this kind is in force on that day: it ends nothing."), "tone": ""}
    told = {"row": found.ends, "last": form.fields["begins"].clean(form["begins"].value()) - timedelta(days=1)}
    text = _("It ends: %(row)s. Its last day in force becomes %(last)s.") % told
    if found.used is None:
        return {"text": text, "tone": "warn"}
    return {"text": f"{text} {dated.RESTED_ON % {'day': found.used}}", "tone": "bad"}


def _one_seen(request: PageRequest, rows: QuerySet[Any], pk: int) -> Any:
    """The row within the jurisdiction; Http404 for any other."""
    found = dated.seen_by(request.actor, rows, clock.today()).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _asked(
    request: PageRequest, form: Any, do: Callable[..., Any], *, heading: str, back: tuple[str, str], intro: str = ""
) -> HttpResponse:
    label, url = back
    if request.method == "POST" and form.is_valid():
        try:
            do(**form.cleaned_data, today=clock.today())
        except StaffRefused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, pgettext("dated", "Saved."))
            return go(request, url)
    form.follows = _follows(form) if isinstance(form, BeginForm) else None
    return form_page(request, form, heading=heading, button=heading, back=url, crumbs=[(label, url)], intro=intro)
