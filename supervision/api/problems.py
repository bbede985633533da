"""Every refusal as problem details (RFC 9457): what is wrong, on which field, and by which article."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response

from supervision.law.catalogue import cite
from supervision.parties.services.staff import StaffRefused
from supervision.procedure.forms import LONGEST_NAME
from supervision.procedure.refusals import Cause, NoSuchStep, Reason, StepInvalid, StepRefused

MEDIA_TYPE = "application/problem+json"


def problem(code: int, kind: str, title: str, detail: str = "", **members: Any) -> Response:
    """A problem document; `kind` names it for programs, `title` and `detail` for people."""
    body = {
        "type": f"/api/v1/problems/{kind}",
        "title": title,
        "status": code,
        **({"detail": detail} if detail else {}),
    }
    return Response({**body, **members}, status=code, content_type=MEDIA_TYPE)


def law_of(ids: tuple[str, ...]) -> list[dict[str, str]]:
    """Articles as id and citation."""
    return [{"id": one, "cite": cite(one)} for one in ids]


def reason(one: Reason) -> dict[str, Any]:
    """One obstacle as the API tells it."""
    told = {"cause": one.cause, "rule": one.name, "sentence": str(one.sentence), "law": law_of(one.law)}
    return {**told, "page": reverse(one.page)} if one.page else told


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: known refusals become problems, anything else stays an error of ours."""
    for kinds, tell in TOLD:
        if isinstance(error, kinds):
            return tell(error)
    return None


def _refused(error: StepRefused) -> Response:
    stale = any(one.cause == Cause.STALE for one in error.reasons)
    return problem(
        status.HTTP_412_PRECONDITION_FAILED if stale else status.HTTP_409_CONFLICT,
        "stale" if stale else "step-refused",
        _("The step may not be taken"),
        "；".join(str(one.sentence) for one in error.reasons),
        reasons=[reason(one) for one in error.reasons],
    )


def _staff_refused(error: StaffRefused) -> Response:
    return problem(status.HTTP_409_CONFLICT, "refused", _("This may not be done"), str(error))


def _invalid(errors: Any) -> Response:
    return problem(status.HTTP_422_UNPROCESSABLE_ENTITY, "invalid", _("Some fields do not fit"), errors=errors)


def _step_invalid(error: StepInvalid) -> Response:
    return _invalid({name: [str(line) for line in lines] for name, lines in error.form.errors.items()})


def _not_found(error: Exception) -> Response:
    return problem(status.HTTP_404_NOT_FOUND, "not-found", _("Not found"))


def _field_errors(error: exceptions.ValidationError) -> Response:
    return _invalid(error.detail if isinstance(error.detail, dict) else {"__all__": error.detail})


def _throttled(error: exceptions.Throttled) -> Response:
    answer = problem(status.HTTP_429_TOO_MANY_REQUESTS, "too-many", _("Too many requests"), str(error.detail))
    wait: float | None = error.wait  # type: ignore[attr-defined]
    if wait is not None:
        answer["Retry-After"] = str(int(wait) + 1)
    return answer


def _not_signed_in(error: Exception) -> Response:
    answer = problem(status.HTTP_401_UNAUTHORIZED, "not-signed-in", _("Sign in first"))
    answer["WWW-Authenticate"] = 'Bearer realm="api"'
    return answer


def _forbidden(error: Exception) -> Response:
    return problem(status.HTTP_403_FORBIDDEN, "forbidden", _("Not allowed"), str(error))


def _unreadable(error: exceptions.ParseError) -> Response:
    return problem(error.status_code, "unreadable", _("The request cannot be read: it is not what its type says"))


def _no_such_method(error: exceptions.MethodNotAllowed) -> Response:
    return problem(error.status_code, "no-such-method", _("This address takes no such request"))


def _wrong_type(error: exceptions.UnsupportedMediaType) -> Response:
    return problem(error.status_code, "wrong-type", _("Send JSON or a form"))


def _not_acceptable(error: exceptions.NotAcceptable) -> Response:
    return problem(error.status_code, "not-acceptable", _("Answers are JSON"))


class UnknownParameters(exceptions.APIException):
    """The address asks by names that nothing here reads."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, names: list[str], known: list[str]) -> None:
        self.names, self.known = names, known
        super().__init__(", ".join(names))


def _unknown_parameters(error: UnknownParameters) -> Response:
    if error.known:
        told = _("There is no parameter of this name. There are: %(known)s.") % {"known": "、".join(error.known)}
    else:
        told = _("This address takes no parameters.")
    errors = {name[:LONGEST_NAME]: [told] for name in error.names}
    return problem(error.status_code, "unknown-parameters", _("Some parameters are unknown"), told, errors=errors)


def _other(error: exceptions.APIException) -> Response:
    return problem(error.status_code, error.default_code, str(error.detail))


TOLD: tuple[tuple[Any, Callable[[Any], Response]], ...] = (
    (StepRefused, _refused),
    (StepInvalid, _step_invalid),
    (StaffRefused, _staff_refused),
    ((NoSuchStep, Http404, exceptions.NotFound), _not_found),
    (exceptions.ValidationError, _field_errors),
    (exceptions.Throttled, _throttled),
    ((exceptions.NotAuthenticated, exceptions.AuthenticationFailed), _not_signed_in),
    ((exceptions.PermissionDenied, DjangoPermissionDenied), _forbidden),
    (exceptions.ParseError, _unreadable),
    (exceptions.MethodNotAllowed, _no_such_method),
    (exceptions.UnsupportedMediaType, _wrong_type),
    (exceptions.NotAcceptable, _not_acceptable),
    (UnknownParameters, _unknown_parameters),
    (exceptions.APIException, _other),
)
