"""The site of the tour: served at the moment of the tour's calendar."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from supervision.procedure import clock
from tests.draws.conftest import Timeline


class Calendar(Timeline):
    """Moves the clock of the test and, request by request, of whichever thread of the site answers."""

    present: datetime | None = None

    def at(self, *moment: int) -> None:
        super().at(*moment)
        Calendar.present = clock.now()

    def end(self) -> None:
        super().end()
        Calendar.present = None


def at_the_calendars_moment(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the clock of procedures is a context variable, and every request has a context of its own."""

    def answer(request: HttpRequest) -> HttpResponse:
        if Calendar.present is None:
            return get_response(request)
        with clock.stopped_at(Calendar.present):
            return get_response(request)

    return answer
