"""Pages of money: what is owed by fund, one claim with its receipts, and the forms that move it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from supervision.law.catalogue import cite
from supervision.procedure import clock
from supervision.web.columns import Column
from supervision.web.dialogs import go, small_form
from supervision.web.format import yuan
from supervision.web.forms import bound_form
from supervision.web.lists import ListView
from supervision.web.request import PageRequest

from .forms import CancelForm, PlanForm, ReasonForm, ReceiptForm
from .models import Receipt, Receivable
from .naming import destination
from .selectors import KEEPERS, may_decide, may_keep, receivables, surcharge_of, totals_of
from .services import (
    GROUNDS,
    MoneyRefused,
    agree_plan,
    cancel_receivable,
    decided_on,
    record_receipt,
    require,
    reverse_receipt,
)

TONES = {Receivable.State.OPEN: "warn", Receivable.State.PAID: "ok", Receivable.State.CANCELLED: ""}


def tone_of(row: Receivable) -> str:
    """Red once it is late."""
    late = row.state == Receivable.State.OPEN and row.due_on < clock.today()
    return "bad" if late else TONES[Receivable.State(row.state)]


class ReceivableFilter(django_filters.FilterSet):
    """Debtor or matter; fund, kind and state."""

    q = django_filters.CharFilter(label=gettext_lazy("Debtor or matter"), method="named", max_length=100)

    class Meta:
        model = Receivable
        fields: ClassVar[list[str]] = ["state", "kind", "fund", "route"]

    def named(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        return rows.filter(debtor__name__icontains=text) | rows.filter(dossier__number__icontains=text)


class ReceivableList(ListView):
    """Everything owed within the jurisdiction, and the totals of each fund apart (HY-3, HY-47)."""

    name = "funds.receivables"
    title = gettext_lazy("Recovered and confiscated")
    columns = (
        Column("debtor", gettext_lazy("Debtor"), kind="party"),
        Column("kind", gettext_lazy("Kind"), value="get_kind_display", lead=True,
               link=lambda row: reverse("funds:receivable", args=[row.pk])),
        Column("where", gettext_lazy("Goes to"), value=lambda row: destination(row.route, row.fund)),
        Column("amount", gettext_lazy("Owed"), kind="money", sort="amount"),
        Column("received", gettext_lazy("Received so far"), kind="money", optional=True),
        Column("outstanding", gettext_lazy("Outstanding"), kind="money"),
        Column("due_on", gettext_lazy("Due on"), kind="date", sort="due_on"),
        Column("state", gettext_lazy("State"), value="get_state_display", kind="tag", tone=tone_of),
        Column("matter", gettext_lazy("Matter"), value="dossier.number",
               link=lambda row: reverse("web:dossier", args=[row.dossier_id])),
    )  # fmt: skip
    filterset_class = ReceivableFilter
    default_sort = "due_on"
    template_name = "pages/funds/receivables.html"
    empty_title = gettext_lazy("Nothing is owed")
    empty_text = gettext_lazy("Claims open when a decision on a breach or a case is served.")

    def get_queryset(self) -> QuerySet[Receivable]:
        return receivables(self.request.actor)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the totals alone: they grow with the claims, so the list does not wait for them."""
        if self.request.htmx and self.request.htmx.target == "totals":
            return render(request, "pages/funds/_totals.html", {"totals": totals_of(self.rows)})
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.copy()
        asked["totals"] = "1"
        context: dict[str, Any] = {"totals_url": f"?{asked.urlencode()}", "totals": None}
        if "totals" in self.request.GET:
            context["totals"] = totals_of(self.rows)
        return super().get_context_data(**context, **kwargs)


def load(request: PageRequest, pk: int) -> Receivable:
    """The claim within the actor's jurisdiction; Http404 for any other."""
    return get_object_or_404(receivables(request.actor), pk=pk)


def _is_early(receipt: Receipt, decided: date) -> bool:
    """Whether it stands, and was paid before the decision: of the party's own accord."""
    return not receipt.reverses_id and not hasattr(receipt, "reversed_by") and receipt.paid_on < decided


@require_safe
def receivable_page(request: PageRequest, pk: int) -> HttpResponse:
    """One claim: its receipts with their corrections, its plan, its surcharge, and what may be done."""
    owed = load(request, pk)
    receipts = owed.receipts.select_related("reverses", "reversed_by", "recorded_by")
    decided = decided_on(owed)
    context = {
        "decided": decided,
        "early": sum((each.amount for each in receipts if _is_early(each, decided)), Decimal(0)),
        "owed": owed,
        "tone": tone_of(owed),
        "where": destination(owed.route, owed.fund),
        "receipts": receipts,
        "plan": owed.plans.prefetch_related("instalments").last(),
        "pauses": owed.surcharge_pauses.all(),
        "surcharge": surcharge_of(owed, clock.today()),
        "ground_law": GROUNDS[Receivable.Ground(owed.cancelled_on_ground)] if owed.cancelled_on_ground else "",
        "may_keep": may_keep(request.actor, owed.dossier),
        "may_decide": may_decide(request.actor, owed.dossier),
        "crumbs": [
            (_("Recovered and confiscated"), reverse("funds:receivables")),
            (f"{owed.get_kind_display()} {yuan(owed.amount)}", ""),
        ],
    }
    return render(request, "pages/funds/receivable.html", context)


def _act(
    request: PageRequest,
    owed: Receivable,
    form: Any,
    words: tuple[str, str, str],
    do: Callable[[dict[str, Any]], Any],
    *,
    intro: str = "",
) -> HttpResponse:
    """Show the form below its `intro`; on POST do it, and tell a refusal beside the field it is about."""
    heading, button, done = words
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except MoneyRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.success(request, done)
            return go(request, reverse("funds:receivable", args=[owed.pk]))
    return small_form(request, owed.dossier, form, heading, button, intro=intro)


def _keepers_only(request: PageRequest, owed: Receivable) -> None:
    """Http404 for who has nothing to do with the money; PermissionDenied, with the reason, for who decides (PP-52)."""
    if may_keep(request.actor, owed.dossier):
        return
    if not may_decide(request.actor, owed.dossier):
        raise Http404
    try:
        require(request.actor, owed.dossier, KEEPERS)
    except MoneyRefused as refused:
        why = "".join(cite(rule) for rule in refused.law)
        raise PermissionDenied(_("%(what)s (%(law)s).") % {"what": refused.sentence, "law": why}) from None


@require_http_methods(["GET", "POST"])
def receipt(request: PageRequest, pk: int) -> HttpResponse:
    """Record money that came in (HY-47)."""
    owed = load(request, pk)
    _keepers_only(request, owed)
    form = bound_form(
        request,
        ReceiptForm,
        # `receivables` reckons what is outstanding.
        initial={"amount": owed.outstanding, "route": owed.route, "fund": owed.fund, "voucher": ""},  # type: ignore[attr-defined]
    )
    words = (_("Record a payment"), _("Record"), _("The payment is recorded."))
    return _act(request, owed, form, words, lambda said: record_receipt(owed, request.actor, **said))


@require_http_methods(["GET", "POST"])
def reversal(request: PageRequest, pk: int) -> HttpResponse:
    """Take a wrongly recorded receipt back by a counter-entry."""
    wrong = get_object_or_404(Receipt.objects.select_related("receivable", "reversed_by", "recorded_by"), pk=pk)
    owed = load(request, wrong.receivable_id)
    _keepers_only(request, owed)
    words = (_("Take a receipt back"), _("Take back"), _("The receipt is taken back by a counter-entry."))
    form = bound_form(request, ReasonForm)
    if request.method == "GET" and (wrong.reverses_id or hasattr(wrong, "reversed_by")):
        messages.error(request, _("This receipt is no longer one to take back."))
        return go(request, reverse("funds:receivable", args=[owed.pk]))
    about = _("Voucher %(voucher)s: %(amount)s yuan, paid on %(day)s, recorded by %(who)s (%(where)s).") % {
        "voucher": wrong.voucher,
        "amount": yuan(wrong.amount),
        "day": wrong.paid_on,
        "who": wrong.recorded_by or "—",
        "where": destination(wrong.route, wrong.fund),
    }
    return _act(request, owed, form, words, lambda said: reverse_receipt(wrong, request.actor, **said), intro=about)


@require_http_methods(["GET", "POST"])
def cancellation(request: PageRequest, pk: int) -> HttpResponse:
    """Cancel a claim on a ground of law (HY-25, PP-47, PP-56)."""
    owed = load(request, pk)
    if not may_decide(request.actor, owed.dossier):
        raise Http404
    words = (_("Cancel the claim"), _("Cancel the claim"), _("The claim is cancelled."))
    form = bound_form(request, CancelForm, owed=owed)
    return _act(request, owed, form, words, lambda said: cancel_receivable(owed, request.actor, **said))


@require_http_methods(["GET", "POST"])
def plan(request: PageRequest, pk: int) -> HttpResponse:
    """Defer a payment or agree on instalments (PP-53)."""
    owed = load(request, pk)
    if not may_decide(request.actor, owed.dossier):
        raise Http404
    words = (_("Deferral or instalments"), _("Agree"), _("The payment plan is agreed."))
    form = bound_form(request, PlanForm)
    return _act(request, owed, form, words, lambda said: agree_plan(owed, request.actor, **said))
