"""The one list of the product: filter, sort, keyset pages, columns, export — declared, never written again.

    class CaseList(ListView):
        name = "enforcement.cases"
        title = _("Enforcement cases")
        columns = [
            Column("number", _("Number"), link=lambda case: case.get_absolute_url(), lead=True, sort="number"),
            Column("subject", _("Party"), kind="party"),
            Column("opened_at", _("Filed"), kind="date", sort="opened_at"),
        ]
        filterset_class = CaseFilter
        default_sort = "-opened_at"

        def get_queryset(self):
            return selectors.cases(self.request.actor)

GET shows it; htmx asks for the same fragment alone; POST with `export=csv|xlsx` downloads it, with `columns` keeps a
choice of columns.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from supervision.procedure.filters import nonsense

from .columns import Column
from .exports import FORMATS, MAX_ROWS, export
from .keyset import Order, in_order, page
from .models import ListPreference
from .request import PageRequest

__all__ = ["Column", "ListView"]

COUNT_CAP = 300  # the reader of a page is told no more: to count on takes longer than to read the page
FRAGMENT_ID = "list"
_titles: dict[str, str | Promise] = {}


def title_of(name: str) -> str:
    """What a list is called in the reader's language, by the name its exports are recorded under."""
    return str(_titles.get(name, name))


def name_list(name: str, title: str | Promise) -> None:
    """Give a title to what is exported without being a list of its own, such as a matter's whole file."""
    _titles[name] = title


def named_lists() -> list[tuple[str, str | Promise]]:
    """Everything that can be exported, as choices."""
    return list(_titles.items())


class ListView(TemplateView):
    """Base of every list page; see the module for how it is declared.

    `template_name` may extend `components/list_page.html` to add blocks above (`before_list`) or actions.
    """

    name: ClassVar[str]
    title: ClassVar[str | Promise]
    columns: ClassVar[Sequence[Column]]
    filterset_class: ClassVar[type[django_filters.FilterSet] | None] = None
    default_sort: ClassVar[str] = "-pk"
    page_length: ClassVar[int] = 30
    empty_title: ClassVar[str | Promise] = ""
    empty_text: ClassVar[str | Promise] = ""
    crumbs: ClassVar[Sequence[tuple[str | Promise, str]]] = ()
    template_name = "components/list_page.html"
    request: PageRequest

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "name" in cls.__dict__ and "title" in cls.__dict__:
            _titles[cls.name] = cls.title

    def get_queryset(self) -> QuerySet[Any]:
        """Every row the actor may see, with the relations its columns read; starts from a selector."""
        raise NotImplementedError

    def get_columns(self) -> Sequence[Column]:
        """The columns this actor may see."""
        return self.columns

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self.render_to_response(self.get_context_data(**kwargs))
        response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kind = request.POST.get("export", "")
        if kind in FORMATS:
            return self._export(kind)
        if "columns" in request.POST:
            self._choose(request.POST.getlist("columns"))
        return redirect(request.get_full_path())

    def get_template_names(self) -> list[str]:
        htmx = self.request.htmx
        return ["components/list.html"] if htmx and htmx.target == FRAGMENT_ID else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.order
        length = self.page_length
        shown = page(self.rows, order, self.request.GET.get("at", ""), length)
        if not shown.rows and self.request.GET.get("at"):
            shown = page(self.rows, order, "", length)
        full = bool(shown.previous or shown.next)
        count = self._count() if full else len(shown.rows)
        return super().get_context_data(
            list=self,
            title=self.title,
            crumbs=self.crumbs,
            page=shown,
            heads=[self._head(column) for column in self.chosen],
            lines=[[(column, column.html(row)) for column in self.chosen] for row in shown.rows],
            count=count,
            more_than=COUNT_CAP if count > COUNT_CAP else 0,
            chips=self._chips(),
            nonsense=self.nonsense,
            formats=FORMATS,
            **kwargs,
        )

    @cached_property
    def filterset(self) -> django_filters.FilterSet | None:
        """The filters with the reader's values, or None when the list declares none."""
        if self.filterset_class is None:
            return None
        return self.filterset_class(self.request.GET, queryset=self.get_queryset(), request=self.request)

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """Every row that passes the filters; none where a filter makes no sense, which the page then says."""
        if self.filterset is None:
            return self.get_queryset()
        return self.get_queryset().none() if self.nonsense else self.filterset.qs

    @cached_property
    def nonsense(self) -> list[tuple[str, str]]:
        """(filter, why) of everything asked that makes no sense."""
        if self.filterset is None or not self.filterset.is_bound:
            return []
        form = self.filterset.form
        return [(str(form[name].label), why) for name, found in nonsense(form).items() for why in found]

    @cached_property
    def order(self) -> Order:
        """The chosen order, or the default one when the address asks for a column that cannot be sorted."""
        asked = Order.parse(self.request.GET.get("sort", self.default_sort))
        sortable = {column.sort for column in self.get_columns() if column.sort}
        return asked if asked.field in sortable else Order.parse(self.default_sort)

    @cached_property
    def chosen(self) -> list[Column]:
        """The columns to show: the person's own choice, else all that are not optional."""
        columns = self.get_columns()
        if any(column.optional for column in columns):
            kept = ListPreference.objects.filter(user_id=self.request.user.pk, list_name=self.name).first()
            if kept:
                names = set(kept.columns)
                return [column for column in columns if column.lead or column.name in names]
        return [column for column in columns if not column.optional]

    @property
    def optional(self) -> list[tuple[Column, bool]]:
        """Columns that may be switched on or off, and whether each is on; empty when the list has no choice."""
        columns = self.get_columns()
        if not any(column.optional for column in columns):
            return []
        return [(column, column in self.chosen) for column in columns if not column.lead]

    def _head(self, column: Column) -> dict[str, Any]:
        """A column's head: where clicking it leads, and how it is sorted now."""
        if not column.sort:
            return {"column": column}
        current = self.order.field == column.sort
        ascending = current and not self.order.descending
        return {
            "column": column,
            "sort": f"-{column.sort}" if ascending else column.sort,
            "sorted": ("ascending" if ascending else "descending") if current else "",
        }

    def _chips(self) -> list[tuple[str, str]]:
        """The filters in use, each with the address that drops it."""
        if self.filterset is None:
            return []
        chips = []
        form = self.filterset.form
        for field in form:
            value = field.value()
            names = [name for name in self.request.GET if name == field.name or name.startswith(f"{field.name}_")]
            if value in (None, "", [], [None, None], ["", ""]) or not names:
                continue
            params = self.request.GET.copy()
            for name in [*names, "at"]:
                params.pop(name, None)
            chips.append((f"{field.label}: {_spoken(field, value)}", f"?{params.urlencode()}"))
        return chips

    def _count(self) -> int:
        """How many rows there are, looking at no more than the cap."""
        return self.rows.order_by().values("pk")[: COUNT_CAP + 1].count()

    def _choose(self, names: list[str]) -> None:
        known = {column.name for column in self.get_columns()}
        ListPreference.objects.update_or_create(
            user_id=self.request.user.pk,
            list_name=self.name,
            defaults={"columns": [name for name in names if name in known]},
        )

    def _export(self, kind: str) -> HttpResponseBase:
        if self.nonsense:
            return redirect(self.request.get_full_path())
        count = self.rows.order_by()[: MAX_ROWS + 1].count()
        if count > MAX_ROWS:
            messages.error(
                self.request,
                _("An export holds at most %(most)s rows. Narrow the filters and try again.")
                % {"most": f"{MAX_ROWS:,}"},
            )
            return redirect(self.request.get_full_path())
        return export(
            self.request,
            name=self.name,
            title=str(self.title),
            columns=self.chosen,
            rows=in_order(self.rows, self.order).iterator(chunk_size=1000),
            count=count,
            kind=kind,
        )


def _spoken(field: Any, value: Any) -> str:
    """A filter's value in words: the label of a choice, both ends of a range."""
    if isinstance(value, list) and len(value) == 2 and hasattr(field.field, "fields"):
        return f"{value[0] or '…'} – {value[1] or '…'}"
    choices = dict(_flat(getattr(field.field, "choices", ())))
    values = value if isinstance(value, list) else [value]
    return "、".join(str(choices.get(str(each), each)) for each in values)


def _flat(choices: Any) -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            pairs.extend(_flat(label))
        else:
            pairs.append((str(key), label))
    return pairs
