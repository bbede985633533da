"""What holds for an authority from a day on, over the API: list, enter, end, cancel; one base for each of its kinds."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiTypes, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from supervision.parties.dated_forms import CancelForm, EndForm
from supervision.parties.services import dated
from supervision.procedure import clock
from supervision.procedure.forms import fit
from supervision.procedure.refusals import StepInvalid

from .dossiers import KEY
from .forms import body, posted, suited
from .staff import Days
from .views import ApiViewSet

REFUSABLE = {409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}


class DatedSerializer(serializers.ModelSerializer[Any]):
    """Base: whose it is, and its days."""

    authority = serializers.CharField(source="authority.code")
    days = Days(source="*")


class CodedFilter(django_filters.FilterSet):
    """By the code of the authority, and whether it holds today."""

    authority = django_filters.CharFilter(field_name="authority__code")
    standing = django_filters.ChoiceFilter(
        choices=[(one, one) for one in ("now", "coming", "ended")], method="standing_so"
    )

    def standing_so(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return dated.standing_so(rows, value, clock.today())


def documented(
    shown: Any, form: Any, example: tuple[str, dict[str, Any]], *, list: str, create: str, end: str, cancel: str
) -> Any:
    """What the reference says of such a view set: a summary of each of its calls, and an entry as an example."""
    name, value = example
    return extend_schema_view(
        list=extend_schema(summary=list),
        create=extend_schema(
            summary=create,
            parameters=[KEY],
            request=body(form),
            responses=REFUSABLE | {201: shown},
            examples=[OpenApiExample(name, request_only=True, value=value)],
        ),
        end=extend_schema(summary=end, parameters=[KEY], request=body(EndForm), responses=REFUSABLE | {200: shown}),
        cancel=extend_schema(
            summary=cancel, parameters=[KEY], request=body(CancelForm), responses=REFUSABLE | {200: shown}
        ),
    )


class DatedViewSet(ApiViewSet):
    """`rows`: all there are; `form_class`, `enter`, `finish` and `undo`: the form and the services of the pages."""

    filterset_class: Any = CodedFilter
    rows: ClassVar[QuerySet[Any]]
    form_class: ClassVar[Any]
    enter: ClassVar[Callable[..., Any]]
    finish: ClassVar[Callable[..., Any]]
    undo: ClassVar[Callable[..., Any]]

    def get_queryset(self) -> QuerySet[Any]:
        return dated.seen_by(self.actor, self.rows.all().select_related("authority"), clock.today())

    def list(self, request: Request) -> Response:
        """Of the authorities within your jurisdiction, and of the one that guides yours; newest first."""
        if self.actor.authority is None:
            raise PermissionDenied(_("Only authorities do this."))
        return self.paged(request, self.get_queryset())

    def create(self, request: Request) -> Response:
        """By the system administrator, for an authority in their charge; what is in force then ends the day before.

        A day that has passed asks for a reason, and is refused while a paper or a payment rests on what it would end.
        """
        form = self._form(request, self.form_class)

        def entered(**said: Any) -> Any:
            return type(self).enter(self.actor, said.pop("authority"), **said)

        return self.once(request, lambda: self._done(form, entered, status.HTTP_201_CREATED))

    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def end(self, request: Request, pk: str) -> Response:
        """By the system administrator; the last day is yesterday at the earliest, which ends it at once."""
        return self._act(request, pk, EndForm, type(self).finish)

    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def cancel(self, request: Request, pk: str) -> Response:
        """By the system administrator: an entry made by mistake never was, and what it had ended is in force again.

        Refused once a paper or a payment rests on it.
        """
        return self._act(request, pk, CancelForm, type(self).undo)

    def _act(self, request: Request, pk: str, form_class: Any, do: Callable[..., Any]) -> Response:
        row = self.one(self.get_queryset(), pk)
        form = self._form(request, form_class)
        return self.once(request, lambda: self._done(form, partial(do, self.actor, row), status.HTTP_200_OK))

    def _form(self, request: Request, form_class: Any) -> Any:
        if not dated.may_keep(self.actor):
            raise PermissionDenied(_("The system administrator enters and ends this."))
        form = form_class(suited(posted(request), form_class.base_fields), actor=self.actor, today=clock.today())
        fit(form)
        return form

    def _done(self, form: Any, do: Callable[..., Any], code: int) -> Response:
        try:
            row = do(**form.cleaned_data, today=clock.today())
        except ValidationError as error:
            form.add_error(None, error)
            raise StepInvalid(form) from error
        return Response(self.get_serializer(row).data, status=code)
