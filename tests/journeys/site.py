"""The site of the tour: served at the moment of the tour's calendar, its worker told when to work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from kombu import Connection, Message
from kombu.simple import SimpleQueue

from supervision.celery import app
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


@contextmanager
def busy_worker() -> Iterator[None]:
    """The worker is occupied elsewhere: what is asked of it inside waits in the queue, and is done at the end."""
    app.conf.task_always_eager = False
    try:
        yield
    finally:
        app.conf.task_always_eager = True
        _work_off_the_queue()


def _work_off_the_queue() -> None:
    with Connection(app.conf.broker_url) as connection, connection.SimpleQueue(app.conf.task_default_queue) as queue:
        while message := _next_of(queue):
            args, kwargs, _embedded = message.payload
            app.tasks[message.headers["task"]].apply(args, kwargs)
            message.ack()


def _next_of(queue: SimpleQueue) -> Message | None:
    try:
        return queue.get(block=False)
    except queue.Empty:
        return None
